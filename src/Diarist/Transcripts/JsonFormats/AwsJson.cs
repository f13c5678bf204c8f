using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// Amazon Transcribe: <c>results.items</c>, pronunciations with times written as texts and punctuation without. Who spoke
/// stands in them, or in older answers only in <c>speaker_labels</c>, whose items are known by the times they start at;
/// <c>speaker_labels</c> and <c>audio_segments</c> repeat the speakers.
/// </summary>
internal sealed class AwsJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) => value.TryGet("results", out JsonValue results) && results.HasArray("items");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        value.TryGet("results", out JsonValue results);
        string? text = results.FirstOf("transcripts")?.TextOf("transcript");
        into.Language ??= results.TextOf("language_code");
        Dictionary<double, string> older = LabelsByStart(results, into);
        into.Segment(text, null, owner: results);
        foreach (JsonValue item in results.ItemsOf("items"))
        {
            JsonValue best = item.RequireObject().FirstOf("alternatives") ?? throw item.Error("an item without alternatives");
            string content = best.RequireObject().TextOf("content") ?? throw best.Error("an alternative without a `content`");
            bool joins = item.TextOf("type") == "punctuation";
            TimeRange? range = item.RangeOf("start_time", "end_time");
            string? speaker = JsonItem.SpeakerOf(item) ?? (range is { } said ? older.GetValueOrDefault(said.Start) : null);
            into.Word(content, range, item, JsonItem.ConfidenceOf(best, "confidence"), speaker, joins);
        }

        foreach (JsonValue segment in results.HasArray("audio_segments") ? results.ItemsOf("audio_segments") : [])
        {
            ReadRepeated(segment, into);
        }

        return "aws";
    }

    private static Dictionary<double, string> LabelsByStart(JsonValue results, JsonTranscriptBuilder into)
    {
        var labels = new Dictionary<double, string>();
        JsonValue[] segments = results.TryGet("speaker_labels", out JsonValue speakers) ? [.. speakers.ItemsOf("segments")] : [];
        foreach (JsonValue segment in segments)
        {
            ReadRepeated(segment, into);
            foreach (JsonValue item in segment.ItemsOf("items"))
            {
                ReadRepeated(item, into);
                if (item.TimeOf("start_time") is { } start && item.LabelOf("speaker_label") is { } label)
                {
                    labels[start] = label;
                }
            }
        }

        return labels;
    }

    private static void ReadRepeated(JsonValue item, JsonTranscriptBuilder into)
    {
        if (item.IsObject && item.RangeOf("start_time", "end_time") is { } range)
        {
            into.Repeats(item, range);
        }
    }
}
