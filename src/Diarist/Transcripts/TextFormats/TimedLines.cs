using System.Globalization;
using System.Text.RegularExpressions;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Lines that recognisers print with their times in front: <c>[00:00:01.000 --> 00:00:02.500] text</c> (whisper.cpp,
/// openai-whisper), <c>[1.00s - 2.50s] text</c> (Moonshine, faster-whisper's example with an arrow), and
/// <c>1.000 -- 2.500: text</c> (sherpa-onnx with VAD). Lines in front of the first, and those of a program's log, are left
/// out with a note; other lines without times go on with the text before them. Broken times leave their text without times.
/// </summary>
internal static partial class TimedLines
{
    public static bool Is(string line) => Bracketed().IsMatch(line) || Dashed().IsMatch(line);

    public static Transcript Read(TextSource source, TranscriptReading reading)
    {
        var segments = new List<TranscriptSegment>();
        bool begun = false;
        foreach (TextLine line in source.Lines)
        {
            Match match = Bracketed().Match(line.Text);
            match = match.Success ? match : Dashed().Match(line.Text);
            match = match.Success ? match : BrokenTimes(line.Text);
            if (match.Success)
            {
                begun = true;
                segments.AddRange(CueText.Read([match.Groups["text"].Value], RangeOf(source, line, match), entities: false, reading.NamesInText));
            }
            else if (!line.IsBlank && (!begun || segments.Count == 0 || Log().IsMatch(line.Text)))
            {
                source.Note(ReadingNote.ProgramOutput, line, "the line has no times");
            }
            else if (!line.IsBlank)
            {
                source.Note(ReadingNote.UnplacedText, line, "a line without times");
                segments[^1] = segments[^1] with { Text = $"{segments[^1].Text} {PlainText.OneLine(line.Text)}" };
            }
        }

        return new Transcript(segments) { Dialect = "timed-lines", Turns = SpeakerTurns.From(segments) };
    }

    /// <summary>An arrow in brackets between what has the digits of times.</summary>
    private static Match BrokenTimes(string line)
    {
        Match match = Broken().Match(line);
        return match.Success && (match.Groups["start"].Value + match.Groups["end"].Value).Count(char.IsAsciiDigit) > 2 ? match : Match.Empty;
    }

    private static TimeRange? RangeOf(TextSource source, TextLine line, Match match)
    {
        double? start = Time(match.Groups["start"].Value);
        double? end = Time(match.Groups["end"].Value);
        if (start is null || end is null)
        {
            source.Note(ReadingNote.NotANumber, line, "a time cannot be read");
        }
        else if (end < start)
        {
            source.Note(ReadingNote.BackwardTime, line, "the line ends before it starts");
        }

        return source.Range(line, start, end);
    }

    private static double? Time(string text)
    {
        text = text.Trim().TrimEnd('s');
        return ClockTime.TryParse(text, out double seconds) || double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds) ? seconds : null;
    }

    [GeneratedRegex(@"^\s*(Transcript:\s*)?\[(?<start>[0-9:.,]+s?)\s*(-->|->|-)\s*(?<end>[0-9:.,]+s?)\](?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"^\s*(?<start>[0-9]+\.[0-9]+)\s*--\s*(?<end>[0-9]+\.[0-9]+):(?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Dashed();

    [GeneratedRegex(@"^\s*\[(?<start>[^\[\]]{0,30})(-->|->)(?<end>[^\[\]]{0,30})\](?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Broken();

    // What whisper.cpp, openai-whisper, faster-whisper and sherpa-onnx print beside the lines.
    [GeneratedRegex(@"^\s*([a-z_]+[a-z0-9_]*\s*:|Detect|num threads|Elapsed|Real time factor|RTF|Started|Done|Creating|Loading|\*\*\*|-----|OfflineRecognizer|VadModel|[0-9]+%)", RegexOptions.ExplicitCapture)]
    private static partial Regex Log();
}
