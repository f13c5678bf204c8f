using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// The Hugging Face recognition pipeline: <c>chunks</c> of text with a <c>timestamp</c> pair, which are segments, words
/// or characters, whatever was asked for; the last end may be null. insanely-fast-whisper repeats them in <c>speakers</c>.
/// </summary>
internal sealed class ChunksJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) => value.HasArray("chunks");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        JsonValue[] chunks = [.. value.ItemsOf("chunks")];
        string? whole = value.TextOf("text");
        string[] texts = [.. chunks.Select(chunk => JsonItem.RequireText(chunk, "a chunk"))];
        TimeRange?[] ranges = [.. chunks.Select(chunk => JsonItem.TimesOf(chunk))];
        if (chunks.Length == 0)
        {
            into.Segment(whole ?? "", null, value);
        }
        else if (texts.Length > 1 && texts.All(text => text.Length <= 1) && into.Reading.Items != TranscriptItems.Segments)
        {
            into.Segment(whole, null);
            into.Tokens([.. texts.Zip(ranges, (text, range) => new TimedToken(text, range))], whole, chunks);
        }
        else
        {
            into.Items(whole, [.. chunks.Select((chunk, i) => (chunk, texts[i], ranges[i], (double?)null))]);
        }

        foreach (JsonValue spoken in value.TryGet("speakers", out JsonValue speakers) && speakers.IsArray ? speakers.Children.Where(item => item.IsObject) : [])
        {
            if (JsonItem.TimesOf(spoken) is { } range && JsonItem.SpeakerOf(spoken) is { } speaker)
            {
                into.Turn(range, speaker);
                into.Repeats(spoken, range);
            }
        }

        return "huggingface";
    }
}
