using System.Globalization;
using System.Text.RegularExpressions;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Texts for people with a time and a speaker in front of each paragraph: what Diarist writes as text and Markdown, and the
/// saved transcripts of Zoom, Webex and Teams, whose names and times stand on a line of their own. They have only starts;
/// a paragraph ends where the next begins, the last where it starts.
/// </summary>
internal static partial class Scripts
{
    /// <summary>Whether a line begins such a paragraph.</summary>
    public static bool Begins(string line) => Opening(line) is not null;

    /// <summary>Whether the first line is such a paragraph, or at least two are.</summary>
    public static bool Is(IEnumerable<TextLine> lines)
    {
        TextLine[] said = [.. lines.Where(line => !line.IsBlank)];
        return IsBare(said) || said.Length > 0 && (Opening(said[0].Text) is not null || said.Where(line => Opening(line.Text) is not null).Take(2).Count() == 2);
    }

    public static Transcript Read(TextSource source)
    {
        bool bare = IsBare([.. source.Lines.Where(line => !line.IsBlank)]);
        var paragraphs = new List<(double Start, string? Speaker, List<string> Text)>();
        var lead = new List<TranscriptSegment>();
        Dictionary<int, string> names = NamesAbove(source.Lines);
        foreach ((int index, TextLine line) in source.Lines.Index().Where(line => !line.Item.IsBlank && !names.ContainsKey(line.Index + 1)))
        {
            if ((Opening(line.Text) ?? (bare && TimeThenText().Match(line.Text) is { Success: true } timed ? timed : null)) is { } opening)
            {
                bool usable = ClockTime.TryParse(opening.Groups["time"].Value, out double start);
                double? at = usable ? source.Range(line, start, start)?.Start : null;
                string name = names.GetValueOrDefault(index) ?? opening.Groups["name"].Value.Trim();
                paragraphs.Add((at ?? (paragraphs.Count > 0 ? paragraphs[^1].Start : 0), name.Length > 0 ? Unescape(name) : null, [opening.Groups["text"].Value]));
            }
            else if (paragraphs.Count > 0)
            {
                paragraphs[^1].Text.Add(line.Text);
            }
            else
            {
                source.Note(ReadingNote.UnplacedText, line, "a text in front of the first time");
                lead.Add(new TranscriptSegment(PlainText.OneLine(Unescape(line.Text)), null, []));
            }
        }

        var segments = new List<TranscriptSegment>(lead);
        for (int i = 0; i < paragraphs.Count; i++)
        {
            double end = i + 1 < paragraphs.Count ? Math.Max(paragraphs[i].Start, paragraphs[i + 1].Start) : paragraphs[i].Start;
            string said = PlainText.OneLine(Unescape(string.Join(' ', paragraphs[i].Text)));
            if (said.Length > 0)
            {
                segments.Add(new TranscriptSegment(said, new TimeRange(paragraphs[i].Start, end), []) { Speaker = paragraphs[i].Speaker });
            }
        }

        return new Transcript(segments) { Dialect = "script", Turns = SpeakerTurns.From(segments) };
    }

    /// <summary>
    /// The names by the lines of their times, where each time that stands alone has one on the line above it, behind a blank
    /// line, as texts copied from Teams have. A single one may be a heading.
    /// </summary>
    private static Dictionary<int, string> NamesAbove(IReadOnlyList<TextLine> lines)
    {
        var names = new Dictionary<int, string>();
        for (int i = 0; i < lines.Count; i++)
        {
            if (!TimeAlone().IsMatch(lines[i].Text))
            {
                continue;
            }

            bool named = i > 0 && (i == 1 || lines[i - 2].IsBlank) && NameAlone().IsMatch(lines[i - 1].Text);
            if (!named)
            {
                return [];
            }

            names.Add(i, lines[i - 1].Text.Trim());
        }

        return names.Count > 1 ? names : [];
    }

    /// <summary>Whether most lines are a time and a text, as oTranscribe writes and descriptions of videos have; a few may just name a time of day.</summary>
    private static bool IsBare(TextLine[] said) => said.Count(line => TimeThenText().IsMatch(line.Text)) is > 1 and var timed && 2 * timed >= said.Length;

    private static Match? Opening(string line)
    {
        foreach (Regex form in (Regex[])[OwnText(), OwnMarkdown(), BareMarkdown(), Zoom(), Webex(), NameThenTime(), TimeThenName(), BoldName(), TimeAlone()])
        {
            Match match = form.Match(line);
            if (match.Success)
            {
                return match;
            }
        }

        return null;
    }

    private static string Unescape(string text) => Escaped().Replace(text, "$1");

    [GeneratedRegex(@"^\[(?<time>([0-9]{1,4}:)?[0-9]{1,4}:[0-9]{2}(\.[0-9]+)?)\] ((?<name>[^:\[\]]{1,60}): )?(?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex OwnText();

    [GeneratedRegex(@"^\*\*(?<name>[^*]{1,120})\*\* \((?<time>([0-9]{1,4}:)?[0-9]{1,4}:[0-9]{2})\): (?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex OwnMarkdown();

    [GeneratedRegex(@"^(?<name>)\((?<time>([0-9]{1,4}:)?[0-9]{1,4}:[0-9]{2})\) (?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex BareMarkdown();

    // Zoom: the name in brackets and the time on a line of their own, or one line with both in front of the text.
    [GeneratedRegex(@"^\[(?<name>[^\[\]:]{1,60})\] (?<time>([0-9]{1,4}:)?[0-9]{1,4}:[0-9]{2})(?<text>)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Zoom();

    // Webex and others: a name, at least two spaces or a tab, and the time.
    [GeneratedRegex(@"^""?(?<name>\p{L}[^:""\t]{0,60}?)""?( \([0-9]+\))?(  +|\t)(?<time>([0-9]{1,4}:)?[0-9]{1,4}:[0-9]{2})(?<text>)\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Webex();

    [GeneratedRegex(@"^(?<name>\p{L}[^:\[\]\t]{0,60}) [\[(](?<time>([0-9]{1,4}:)?[0-9]{1,4}:[0-9]{2}(\.[0-9]+)?)[\])]:? ?(?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex NameThenTime();

    [GeneratedRegex(@"^(?<time>([0-9]{1,4}:)?[0-9]{1,4}:[0-9]{2}(\.[0-9]+)?)[ \t]+(?<name>\p{L}[^:\[\]\t]{0,60}):[ \t](?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex TimeThenName();

    [GeneratedRegex(@"^\*\*(?<name>[^*:]{1,120}):?\*\*:? [\[(](?<time>([0-9]{1,4}:)?[0-9]{1,4}:[0-9]{2}(\.[0-9]+)?)[\])]:? ?(?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex BoldName();

    // What is copied from YouTube and from Google Meet: the time on a line of its own.
    [GeneratedRegex(@"^(?<name>)\s*(?<time>([0-9]{1,4}:)?[0-9]{1,4}:[0-9]{2})(?<text>)\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex TimeAlone();

    [GeneratedRegex(@"^(?<name>)\s*(?<time>([0-9]{1,4}:)?[0-9]{1,4}:[0-9]{2}(\.[0-9]+)?)[ \t]+(-[ \t]+)?(?<text>\p{L}.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex TimeThenText();

    [GeneratedRegex(@"^\s*\p{L}[^:\[\]\t.?!,]{0,60}\s*$")]
    private static partial Regex NameAlone();

    [GeneratedRegex(@"\\([\\`*_\[\]<>#|])")]
    private static partial Regex Escaped();
}
