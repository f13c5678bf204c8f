using System.Text.RegularExpressions;
using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>whisper.cpp's <c>-oj</c> and <c>-ojf</c>: <c>transcription</c> with offsets in milliseconds and, in full, tokens.</summary>
internal sealed partial class WhisperCppJson : JsonDialect
{
    private const double MillisecondsPerSecond = 1000;

    public override bool Recognizes(JsonValue value) => value.HasArray("transcription");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        into.Language ??= value.TryGet("result", out JsonValue result) ? result.TextOf("language") : null;
        foreach (JsonValue segment in value.ItemsOf("transcription"))
        {
            segment.RequireObject();
            into.Segment(JsonItem.RequireText(segment, "a segment"), Offsets(segment), segment, JsonItem.SpeakerOf(segment));
            var tokens = new List<TimedToken>();
            var places = new List<JsonValue>();
            foreach (JsonValue token in segment.ItemsOf("tokens"))
            {
                string text = token.RequireObject().TextOf("text") ?? throw token.Error("a token without a `text`");
                if (!Special().IsMatch(text))
                {
                    tokens.Add(new TimedToken(text, Offsets(token)));
                    places.Add(token);
                }
            }

            into.Tokens(tokens, segment.TextOf("text"), places);
        }

        return "whisper.cpp";
    }

    private static TimeRange? Offsets(JsonValue value) =>
        value.TryGet("offsets", out JsonValue offsets) ? offsets.RequireObject().RangeOf("from", "to", MillisecondsPerSecond)
        : value.TryGet("timestamps", out JsonValue clock) ? clock.RequireObject().RangeOf("from", "to") : null;

    [GeneratedRegex(@"^(\[_\w+_?\]|<\|.*\|>)$")]
    private static partial Regex Special();
}
