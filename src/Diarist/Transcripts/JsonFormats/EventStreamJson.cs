using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// The events of OpenAI's streaming transcription, one a line or as a saved stream: <c>transcript.text.segment</c> has text,
/// times and speaker. The final <c>transcript.text.done</c> repeats everything, and the deltas come before it in pieces.
/// </summary>
internal sealed class EventStreamJson : JsonDialect
{
    private const string Family = "transcript.text.";

    public override bool Recognizes(JsonValue value) => value.HasText("type") && value.TextOf("type")!.StartsWith(Family, StringComparison.Ordinal);

    /// <summary>Other events of the stream say nothing.</summary>
    public override bool Continues(JsonValue value) => value.HasText("type");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        switch (value.TextOf("type"))
        {
            case "transcript.text.segment":
                into.Segment(value.TextOf("text") ?? throw value.Error("a segment without a `text`"), value.RangeOf("start", "end"), value, JsonItem.SpeakerOf(value));
                break;
            case "transcript.text.done" when into.Count > 0:
                into.Whole(value.TextOf("text") ?? "", value);
                break;
            case "transcript.text.done":
                into.Segment(value.TextOf("text") ?? throw value.Error("an event without a `text`"), null, value);
                break;
            case "transcript.text.delta":
                into.Delta(value.TextOf("delta") ?? "", value);
                break;
            default:
                if (JsonItem.TextOf(value) is not null || value.HasText("delta"))
                {
                    throw value.Error("an event with a text that is not known");
                }

                break;
        }

        return "openai-events";
    }
}
