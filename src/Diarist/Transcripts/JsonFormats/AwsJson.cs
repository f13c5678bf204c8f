namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// Amazon Transcribe: <c>results.items</c>, pronunciations with times written as texts and punctuation without. Who spoke
/// stands in them, or in older answers only in <c>speaker_labels</c>, whose items are known by the times they start at.
/// </summary>
internal sealed class AwsJson : JsonDialect
{
    public override bool Recognises(JsonValue value) => value.TryGet("results", out JsonValue results) && results.HasArray("items");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        value.TryGet("results", out JsonValue results);
        string? text = results.ItemsOf("transcripts").Cast<JsonValue?>().FirstOrDefault()?.TextOf("transcript");
        into.Language ??= results.TextOf("language_code");
        Dictionary<double, string> older = LabelsByStart(results);
        into.Segment(text, null);
        foreach (JsonValue item in results.ItemsOf("items"))
        {
            JsonValue best = item.RequireObject().ItemsOf("alternatives").Cast<JsonValue?>().FirstOrDefault() ?? throw item.Error("an item without alternatives");
            string content = best.TextOf("content") ?? throw best.Error("an alternative without a `content`");
            bool joins = item.TextOf("type") == "punctuation";
            TimeRange? range = item.RangeOf("start_time", "end_time");
            string? speaker = item.LabelOf("speaker_label") ?? item.LabelOf("speaker") ?? (range is { } said ? older.GetValueOrDefault(said.Start) : null);
            into.Word(content, range, item, best.NumberOf("confidence"), speaker, joins);
        }

        return "aws";
    }

    private static Dictionary<double, string> LabelsByStart(JsonValue results)
    {
        var labels = new Dictionary<double, string>();
        JsonValue[] segments = results.TryGet("speaker_labels", out JsonValue speakers) ? [.. speakers.ItemsOf("segments")] : [];
        foreach (JsonValue item in segments.SelectMany(segment => segment.ItemsOf("items")))
        {
            if (item.NumberOf("start_time") is { } start && item.LabelOf("speaker_label") is { } label)
            {
                labels[start] = label;
            }
        }

        return labels;
    }
}
