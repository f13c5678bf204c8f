namespace Diarist.Formats.Transcripts;

/// <summary>Amazon Transcribe: <c>results.items</c>, pronunciations with times written as texts and punctuation without.</summary>
internal sealed class AwsJson : JsonDialect
{
    public override bool Recognises(JsonValue value) => value.TryGet("results", out JsonValue results) && results.HasArray("items");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        value.TryGet("results", out JsonValue results);
        string? text = results.ItemsOf("transcripts").Cast<JsonValue?>().FirstOrDefault()?.TextOf("transcript");
        into.Language ??= results.TextOf("language_code");
        into.Segment(text, null);
        foreach (JsonValue item in results.ItemsOf("items"))
        {
            JsonValue best = item.RequireObject().ItemsOf("alternatives").Cast<JsonValue?>().FirstOrDefault() ?? throw item.Error("an item without alternatives");
            string content = best.TextOf("content") ?? throw best.Error("an alternative without a `content`");
            bool joins = item.TextOf("type") == "punctuation";
            into.Word(content, item.RangeOf("start_time", "end_time"), item, best.NumberOf("confidence"), item.LabelOf("speaker_label") ?? item.LabelOf("speaker"), joins);
        }

        return "aws";
    }
}
