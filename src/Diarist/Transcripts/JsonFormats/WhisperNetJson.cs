using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>Whisper.net's <c>SegmentData</c> as System.Text.Json writes it: <c>Text</c>, <c>Start</c> and <c>End</c> as time spans.</summary>
internal sealed class WhisperNetJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) => value.HasText("Text") && value.Has("Start") && value.Has("End");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        into.Language ??= value.TextOf("Language");
        into.Segment(value.TextOf("Text"), value.RangeOf("Start", "End"), value, JsonItem.SpeakerOf(value));
        return "whisper.net";
    }
}
