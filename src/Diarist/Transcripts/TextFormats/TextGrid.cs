using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Praat's TextGrid, long and short: Praat itself reads only the free-standing numbers, quoted texts and flags, and so
/// does this. A tier is a speaker's, named by the tier, unless the name is that of a kind of tier; tiers of phones are
/// left out and those called <c>words</c>, or <c>Ann - words</c>, hold words.
/// </summary>
internal static partial class TextGrid
{
    // What an interval is wide in which a text stands that has no times.
    private const double Narrowest = 0.001;

    public static Transcript Read(TextSource source)
    {
        var tokens = new Tokens(source);
        tokens.Text("the file type");
        if (tokens.Text("the object class") != "TextGrid")
        {
            throw source.Error(source.Lines[0], "this is a Praat file, but not a TextGrid");
        }

        tokens.Number("the start");
        tokens.Number("the end");
        tokens.SkipFlag();
        var segments = new List<TranscriptSegment>();
        for (double tiers = tokens.Number("the number of tiers"); tiers > 0; tiers--)
        {
            ReadTier(tokens, segments);
        }

        TranscriptSegment[] ordered = [.. segments.OrderBy(segment => segment.Range ?? default)];
        return new Transcript(ordered) { Dialect = "textgrid", Turns = SpeakerTurns.From(ordered) };
    }

    /// <summary>Writes one tier of utterances for each speaker; <c>nobody</c> holds what has no speaker.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<SpeakerLine> lines)
    {
        double end = lines.Select(line => Math.Max(line.Range.End, line.Range.Start + Narrowest)).DefaultIfEmpty(Narrowest).Max();
        var tiers = lines.GroupBy(line => line.Speaker ?? "nobody").OrderBy(tier => tier.Key, StringComparer.Ordinal).ToArray();
        writer.Write($"File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0\nxmax = {Seconds(end)}\ntiers? <exists>\nsize = {tiers.Length}\nitem []:\n");
        for (int i = 0; i < tiers.Length; i++)
        {
            List<(TimeRange Range, string Text)> intervals = Fill(tiers[i], end);
            writer.Write($"    item [{i + 1}]:\n        class = \"IntervalTier\"\n        name = {Quote(PlainText.OneLine(tiers[i].Key))}\n");
            writer.Write($"        xmin = 0\n        xmax = {Seconds(end)}\n        intervals: size = {intervals.Count}\n");
            for (int interval = 0; interval < intervals.Count; interval++)
            {
                var (range, text) = intervals[interval];
                writer.Write($"        intervals [{interval + 1}]:\n            xmin = {Seconds(range.Start)}\n            xmax = {Seconds(range.End)}\n            text = {Quote(text)}\n");
            }
        }
    }

    private static void ReadTier(Tokens tokens, List<TranscriptSegment> segments)
    {
        string kind = tokens.Text("the class of a tier");
        string name = tokens.Text("the name of a tier");
        tokens.Number("the start of a tier");
        tokens.Number("the end of a tier");
        bool words = WordTier().IsMatch(name);
        bool skipped = PhoneTier().IsMatch(name);
        string speaker = KindSuffix().Replace(name, "").Trim(' ', '-', '_');
        var spoken = new List<Word>();
        for (double count = tokens.Number("the number of intervals"); count > 0; count--)
        {
            double start = tokens.Number("a time");
            double end = kind == "TextTier" ? start : tokens.Number("a time");
            string text = tokens.Text("a text").Trim();
            if (end < start)
            {
                tokens.Note(ReadingNote.BackwardTime, "the interval ends before it starts");
            }

            TimeRange? range = tokens.Range(start, end);
            if (words && text.Length > 0)
            {
                spoken.Add(new Word(text, range));
            }
            else if (!skipped && text.Length > 0)
            {
                segments.Add(new TranscriptSegment(text, range, []) { Speaker = speaker is "" or "nobody" ? null : speaker });
            }
        }

        if (spoken.Count > 0)
        {
            segments.Add(TranscriptSegment.FromWords(spoken) with { Speaker = speaker is "" ? null : speaker });
        }
    }

    /// <summary>A tier must be covered without gaps or overlaps: silence is an empty text, a late start waits for the end before.</summary>
    private static List<(TimeRange Range, string Text)> Fill(IEnumerable<SpeakerLine> lines, double end)
    {
        var intervals = new List<(TimeRange, string)>();
        double at = 0;
        foreach (SpeakerLine line in lines.OrderBy(line => line.Range))
        {
            var range = new TimeRange(Math.Max(at, line.Range.Start), Math.Max(at, line.Range.End));
            if (range.IsEmpty && intervals.Count > 0)
            {
                // Nothing is lost: a text without room of its own joins the one before.
                intervals[^1] = (intervals[^1].Item1, $"{intervals[^1].Item2} {PlainText.OneLine(line.Text)}".Trim());
                continue;
            }

            range = range.IsEmpty ? new TimeRange(range.Start, range.Start + Narrowest) : range;

            if (range.Start > at)
            {
                intervals.Add((new TimeRange(at, range.Start), ""));
            }

            intervals.Add((range, PlainText.OneLine(line.Text)));
            at = range.End;
        }

        if (end > at)
        {
            intervals.Add((new TimeRange(at, end), ""));
        }

        return intervals;
    }

    private static string Seconds(double seconds) => seconds.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"(^|[\s\-_])(words?|ORT(-MAU)?)$", RegexOptions.IgnoreCase)]
    private static partial Regex WordTier();

    [GeneratedRegex(@"(^|[\s\-_])(phones?|phonemes?|MAU|KAN(-MAU)?)$", RegexOptions.IgnoreCase)]
    private static partial Regex PhoneTier();

    [GeneratedRegex(@"(^|[\s\-_])(words?|ORT(-MAU)?|transcripts?|transcription|sentences?|utterances?|segments?|text)$", RegexOptions.IgnoreCase)]
    private static partial Regex KindSuffix();

    /// <summary>The values of a Praat text file, one after the other.</summary>
    private sealed class Tokens(TextSource source)
    {
        private int _line;
        private int _at;

        public AnnotationFormatException Error(string problem) =>
            _line < source.Lines.Count ? source.Error(Place, problem) : source.ErrorAtEnd(problem);

        private TextLine Place => source.Lines[Math.Min(_line, source.Lines.Count - 1)];

        public void Note(ReadingNote kind, string problem) => source.Note(kind, Place, problem);

        public TimeRange? Range(double start, double end) => source.Range(Place, start, end);

        public string Text(string what)
        {
            string token = Next(what);
            return token[0] == '"' ? token[1..] : throw Error($"{what} was expected, in quotes, not `{token}`");
        }

        public double Number(string what)
        {
            string token = Next(what);
            return double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                ? number
                : throw Error($"{what} was expected, a number");
        }

        public void SkipFlag()
        {
            if (Next("<exists>") != "<exists>")
            {
                throw Error("the TextGrid has no tiers");
            }
        }

        /// <summary>The next number, flag, or quoted text (with its opening quote kept in front).</summary>
        private string Next(string what)
        {
            while (_line < source.Lines.Count)
            {
                string text = source.Lines[_line].Text;
                while (_at < text.Length && char.IsWhiteSpace(text[_at]))
                {
                    _at++;
                }

                if (_at >= text.Length || text[_at] == '!')
                {
                    _line++;
                    _at = 0;
                    continue;
                }

                if (text[_at] == '"')
                {
                    return Quoted(what);
                }

                int end = _at;
                while (end < text.Length && !char.IsWhiteSpace(text[end]))
                {
                    end++;
                }

                string token = text[_at..end];
                _at = end;
                if (token == "<exists>" || token == "<absent>" || double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                {
                    return token;
                }
            }

            throw Error($"the file breaks off where {what} was expected");
        }

        private string Quoted(string what)
        {
            var text = new StringBuilder("\"");
            _at++;
            for (; _line < source.Lines.Count; _line++, _at = 0, text.Append('\n'))
            {
                string row = source.Lines[_line].Text;
                for (; _at < row.Length; _at++)
                {
                    if (row[_at] != '"')
                    {
                        text.Append(row[_at]);
                    }
                    else if (_at + 1 < row.Length && row[_at + 1] == '"')
                    {
                        text.Append('"');
                        _at++;
                    }
                    else
                    {
                        _at++;
                        return text.ToString();
                    }
                }
            }

            throw Error($"the file breaks off inside {what}");
        }
    }
}
