using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>Moonshine Voice: a transcript of <c>lines</c> with start, duration and, when asked for, words.</summary>
internal sealed class MoonshineJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) => value.HasArray("lines");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        foreach (JsonValue line in value.ItemsOf("lines"))
        {
            string text = JsonItem.RequireText(line, "a line");
            into.Segment(text, line.RangeFrom("start_time", "duration"), line, JsonItem.SpeakerOf(line));
            foreach (JsonValue word in line.ItemsOf("words"))
            {
                WhisperJson.ReadWord(word, into);
            }
        }

        return "moonshine";
    }
}
