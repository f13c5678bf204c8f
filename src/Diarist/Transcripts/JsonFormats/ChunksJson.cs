namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// The Hugging Face recognition pipeline: <c>chunks</c> of text with a <c>timestamp</c> pair, which are segments, words
/// or characters, whatever was asked for; the last end may be null.
/// </summary>
internal sealed class ChunksJson : JsonDialect
{
    public override bool Recognises(JsonValue value) => value.HasArray("chunks");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        JsonValue[] chunks = [.. value.ItemsOf("chunks")];
        string[] texts = [.. chunks.Select(chunk => chunk.RequireObject().TextOf("text") ?? throw chunk.Error("a chunk without a `text`"))];
        TimeRange?[] ranges = [.. chunks.Select(PairOf)];
        if (texts.Any(text => text.Trim().Contains(' ', StringComparison.Ordinal)) || texts.Length <= 1)
        {
            for (int i = 0; i < chunks.Length; i++)
            {
                into.Segment(texts[i], ranges[i], chunks[i], chunks[i].LabelOf("speaker"));
            }

            return "huggingface";
        }

        into.Segment(value.TextOf("text"), null);
        if (texts.All(text => text.Length <= 1))
        {
            into.Tokens([.. texts.Zip(ranges, (text, range) => new TimedToken(text, range))], value.TextOf("text"), chunks);
            return "huggingface";
        }

        for (int i = 0; i < chunks.Length; i++)
        {
            into.Word(texts[i], ranges[i], chunks[i], speaker: chunks[i].LabelOf("speaker"));
        }

        return "huggingface";
    }

    private static TimeRange? PairOf(JsonValue chunk)
    {
        if (!chunk.TryGet("timestamp", out JsonValue pair))
        {
            return null;
        }

        JsonValue[] ends = [.. pair.Items];
        if (ends.Length != 2)
        {
            throw pair.Error("a pair of times was expected");
        }

        if (ends[0].IsNull)
        {
            return null;
        }

        var range = new TimeRange(ends[0].Number(), ends[1].IsNull ? ends[0].Number() : ends[1].Number());
        return range.End >= range.Start ? range : throw ends[1].Error("it ends before it starts");
    }
}
