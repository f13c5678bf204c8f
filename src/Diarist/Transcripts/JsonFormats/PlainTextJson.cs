using Diarist.Formats;
using Diarist.Transcripts.TextFormats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>The OpenAI API's <c>json</c>: a text without times, which may carry inline speaker tokens of its model.</summary>
internal sealed class PlainTextJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) => value.TryGet("text", out JsonValue text) && text.IsString;

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        string text = value.TextOf("text") ?? throw value.Error("an object without a `text`");
        if (InlineSpeakers.TryRead(text, out var spoken, out string dialect))
        {
            int first = into.Count;
            foreach (var segment in spoken)
            {
                into.Segment(segment.Text, segment.Range, null, segment.Speaker, owner: value);
            }

            into.ListSlot(value, first);
            return dialect;
        }

        List<TranscriptSegment> timed = SpecialTokens.Timed(text, out bool startsOver);
        if (timed.Count > 0)
        {
            int first = into.Count;
            if (startsOver)
            {
                throw value.Error("the times among its tokens start over, and where each window begins is not stated; let the recognizer write segments");
            }

            timed.ForEach(segment => into.Segment(segment.Text, segment.Range, owner: value));
            into.ListSlot(value, first);
            return "whisper-tokens";
        }

        into.Segment(text, null, value, JsonItem.SpeakerOf(value));
        return "openai-json";
    }
}
