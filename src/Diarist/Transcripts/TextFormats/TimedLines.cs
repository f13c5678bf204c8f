using System.Globalization;
using System.Text.RegularExpressions;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Lines that recognizers print with their times in front: <c>[00:00:01.000 --> 00:00:02.500] text</c> (whisper.cpp,
/// openai-whisper), <c>[1.00s - 2.50s] text</c> (Moonshine, faster-whisper's example with an arrow), and
/// <c>1.000 -- 2.500: text</c> (sherpa-onnx with VAD). Lines of a program's log are left out with a note; other lines
/// without times go on with the text before them, or stand alone in front of it. Broken times leave their text without times.
/// </summary>
internal static partial class TimedLines
{
    public static bool Is(string line) => Bracketed().IsMatch(line) || Dashed().IsMatch(line);

    public static Transcript Read(TextSource source, TranscriptReading reading)
    {
        var segments = new List<TranscriptSegment>();
        foreach (TextLine whole in source.Lines)
        {
            TextLine line = Split(source, whole, segments);
            Match match = Bracketed().Match(line.Text);
            match = match.Success ? match : Dashed().Match(line.Text);
            match = match.Success ? match : BrokenTimes(line.Text);
            if (match.Success)
            {
                segments.AddRange(CueText.Read([match.Groups["text"].Value], RangeOf(source, line, match), entities: false, reading.NamesInText));
            }
            else if (!line.IsBlank && (Log().IsMatch(line.Text) || !line.Text.Any(char.IsLetterOrDigit)))
            {
                source.Note(ReadingNote.ProgramOutput, line, "the line has no times");
            }
            else if (!line.IsBlank && segments.Count == 0)
            {
                source.Note(ReadingNote.UnplacedText, line, "a line without times");
                segments.Add(new TranscriptSegment(PlainText.OneLine(line.Text), null, []));
            }
            else if (!line.IsBlank)
            {
                source.Note(ReadingNote.UnplacedText, line, "a line without times");
                segments[^1] = segments[^1] with { Text = $"{segments[^1].Text} {PlainText.OneLine(line.Text)}" };
            }
        }

        return new Transcript(segments) { Dialect = "timed-lines", Turns = SpeakerTurns.From(segments) };
    }

    /// <summary>A line from its times on; what a program printed in front of them on the same line is noted, or kept when it may be text.</summary>
    private static TextLine Split(TextSource source, TextLine line, List<TranscriptSegment> segments)
    {
        Match times = Embedded().Match(line.Text);
        string before = times.Success ? line.Text[..times.Index] : "";
        if (string.IsNullOrWhiteSpace(before) || Bracketed().IsMatch(line.Text))
        {
            return line;
        }

        bool log = Log().IsMatch(before) || !before.Any(char.IsLetterOrDigit);
        source.Note(log ? ReadingNote.ProgramOutput : ReadingNote.UnplacedText, line, "a text in front of the times");
        if (!log)
        {
            segments.Add(new TranscriptSegment(PlainText.OneLine(before), null, []));
        }

        return line with { Text = line.Text[times.Index..] };
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

    [GeneratedRegex(@"^\s*(?<start>[0-9]+\.[0-9]+)\s*--\s*(?<end>[0-9]+\.[0-9]+):(?<text>.*)$|^\s*[0-9]+:\s*\((?<start>[0-9]+\.[0-9]+),\s*(?<end>[0-9]+\.[0-9]+)\)(?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Dashed();

    [GeneratedRegex(@"\[[0-9:.,]{1,20}s?[ \t]{0,9}(-->|->|-)[ \t]{0,9}[0-9:.,]{1,20}s?\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Embedded();

    [GeneratedRegex(@"^\s*\[(?<start>[^\[\]]{0,30})(-->|->)(?<end>[^\[\]]{0,30})\](?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Broken();

    // What whisper.cpp, openai-whisper, faster-whisper, Moonshine and sherpa-onnx print beside the lines.
    [GeneratedRegex(@"^\s*([a-z0-9]*_[a-z0-9_]*\s*:|(main|run|init|info|error|warning|debug|usage|time)\s*:|(WARNING|INFO|ERROR)\b|Detect(ing|ed) language|Transcribing |num threads|Elapsed|Real time factor|RTF|Started|Done!?\s*$|Creating |Loading |Processing |/[^ ]+:[0-9]+|.{0,200}(User|Future|Deprecation)Warning|warnings\.warn|OfflineRecognizer|VadModel|SileroVad|[0-9]+%|\$ )", RegexOptions.ExplicitCapture)]
    private static partial Regex Log();
}
