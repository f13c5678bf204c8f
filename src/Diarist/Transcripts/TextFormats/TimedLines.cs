using System.Globalization;
using System.Text.RegularExpressions;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Lines that recognisers print with their times in front: <c>[00:00:01.000 --> 00:00:02.500] text</c> (whisper.cpp,
/// openai-whisper), <c>[1.00s - 2.50s] text</c> (Moonshine, faster-whisper's example with an arrow), and
/// <c>1.000 -- 2.500: text</c> (sherpa-onnx with VAD). Other lines are the program's chatter and are left out.
/// </summary>
internal static partial class TimedLines
{
    public static bool Is(string line) => Bracketed().IsMatch(line) || Dashed().IsMatch(line);

    public static Transcript Read(TextSource source)
    {
        var segments = new List<TranscriptSegment>();
        foreach (TextLine line in source.Lines)
        {
            Match match = Bracketed().Match(line.Text);
            match = match.Success ? match : Dashed().Match(line.Text);
            if (!match.Success)
            {
                continue;
            }

            var range = new TimeRange(Time(source, line, match.Groups["start"].Value), Time(source, line, match.Groups["end"].Value));
            if (range.End < range.Start)
            {
                throw source.Error(line, "the line ends before it starts");
            }

            segments.AddRange(CueText.Read([match.Groups["text"].Value], range, entities: false));
        }

        return new Transcript(segments) { Dialect = "timed-lines", Turns = SpeakerTurns.From(segments) };
    }

    private static double Time(TextSource source, TextLine line, string text) =>
        CueTime.TryParse(text, out double seconds) || double.TryParse(text.TrimEnd('s'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds)
            ? seconds
            : throw source.Error(line, $"`{text}` is no time");

    [GeneratedRegex(@"^\s*(Transcript:\s*)?\[(?<start>[\d:.,]+s?)\s*(-->|->|-)\s*(?<end>[\d:.,]+s?)\](?<text>.*)$")]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"^\s*(?<start>\d+\.\d+)\s*--\s*(?<end>\d+\.\d+):(?<text>.*)$")]
    private static partial Regex Dashed();
}
