using System.Globalization;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// SRT and WebVTT. A line with an arrow between times begins a cue, whatever stands around it, as WebVTT's own parser has
/// it; the text of a cue goes on until the next one. Lines in front of an arrow are its identifiers when they look so.
/// Text that belongs to no cue is kept beside its neighbour and noted: nothing that was said is lost.
/// </summary>
internal sealed class Captions
{
    private const int MostIdentifierWords = 4;

    private readonly TextSource _source;
    private readonly TranscriptReading _reading;
    private readonly bool _webVtt;
    private readonly CaptionParts? _parts;
    private readonly List<TranscriptSegment> _segments = [];
    private long _number = -1;
    private int _part;
    private HashSet<(TimeRange? Range, string Text, string? Speaker)> _before = [];
    private HashSet<(TimeRange? Range, string Text, string? Speaker)> _own = [];

    private Captions(TextSource source, TranscriptReading reading, bool webVtt)
    {
        (_source, _reading, _webVtt) = (source, reading, webVtt);
        _parts = webVtt ? CaptionParts.Of(source) : null;
        Lines = _parts?.Lines ?? source.Lines;
    }

    private IReadOnlyList<TextLine> Lines { get; }

    public static Transcript Read(TextSource source, TranscriptReading reading, bool webVtt)
    {
        var captions = new Captions(source, reading, webVtt);
        captions.Read();
        if (captions._segments.Count > 1 && captions._segments.All(segment => segment.Range is null) && source.Notes.First(ReadingNote.NotANumber) is { } broken)
        {
            throw source.Error(source.Lines[0], $"no time of the file can be used ({broken})");
        }

        List<TranscriptSegment> segments = RollingCaptions.Merge(
            captions._segments, cut => source.Notes.Add(ReadingNote.RollingCaption, () => source.Error(source.Lines[0], $"the caption at {ClockTime.Format(cut.Range!.Value.Start, '.')}")));
        segments = TextOrder.InTime(segments, source);
        return new Transcript(segments) { Dialect = webVtt ? "webvtt" : "srt", Turns = SpeakerTurns.From(segments) };
    }

    private void Read()
    {
        int arrow = NextArrow(0);
        int identifiers = IdentifiersFrom(0, arrow);
        KeepUnplaced(0, identifiers);
        KeepUnplaced(BeforeTimes(arrow), arrow);
        while (arrow < Lines.Count)
        {
            int next = NextArrow(arrow + 1);
            SetNumber(identifiers, arrow);
            int end = IdentifiersFrom(arrow + 1, next);
            ReadCue(identifiers, arrow, end, next);
            (identifiers, arrow) = (end, next);
        }
    }

    private bool IsArrow(int line) => CueTime.TryRead(Lines[line].Text, out _);

    private int NextArrow(int from)
    {
        while (from < Lines.Count && !IsArrow(from))
        {
            from++;
        }

        return from;
    }

    /// <summary>
    /// Where the identifiers of the cue at <paramref name="arrow"/> begin: the lines directly before it, up to a blank one, if
    /// they look like identifiers; without a blank line only the number that follows that of the cue before.
    /// </summary>
    private int IdentifiersFrom(int first, int arrow)
    {
        int block = arrow;
        while (block > first && !Lines[block - 1].IsBlank)
        {
            block--;
        }

        if (arrow >= Lines.Count || block == arrow)
        {
            return arrow;
        }

        bool behindCue = first > 0 && IsArrow(first - 1);
        if (behindCue && block == first)
        {
            return IsNextNumber(Lines[arrow - 1].Text) ? arrow - 1 : arrow;
        }

        bool emptyCue = behindCue && Enumerable.Range(first, block - first).All(line => Lines[line].IsBlank);
        int from = arrow;
        while (from > block && LooksLikeIdentifier(Lines[from - 1].Text, nearest: from == arrow, emptyCue))
        {
            from--;
        }

        return from;
    }

    private bool IsNextNumber(string line) =>
        TryNumber(line, out long number) && number == _number + 1;

    private static bool TryNumber(string line, out long number) =>
        long.TryParse(line.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>The number of the cue at <paramref name="arrow"/>: its identifier, or one more than that of the cue before.</summary>
    private void SetNumber(int identifiers, int arrow) =>
        _number = TryNumber(identifiers < arrow ? Lines[arrow - 1].Text : TextBeforeTimes(arrow), out long number) ? number : _number < 0 ? -1 : _number + 1;

    /// <summary>
    /// A number, or one word that is no word of a language (digits, hyphens). In WebVTT the line nearest to the times may be
    /// a few words, because there it is an identifier by definition, unless it is all the text that the cue before it has.
    /// </summary>
    private bool LooksLikeIdentifier(string line, bool nearest, bool emptyCue)
    {
        string bare = line.Trim();
        if (emptyCue)
        {
            return IsNextNumber(bare);
        }

        bool code = !bare.Any(char.IsWhiteSpace) && bare.Any(char.IsAsciiDigit);
        bool words = _webVtt && nearest && bare.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length <= MostIdentifierWords;
        return code || words || CueNames.IsWebexIdentifier(bare) || (nearest && _reading.NamesInText && CueNames.OfIdentifier(bare) is not null);
    }

    private void ReadCue(int identifiers, int arrow, int end, int next)
    {
        CueTime.TryRead(Lines[arrow].Text, out CueTime cue);
        TimeRange? range = cue.Range(_source, Lines[arrow]);
        string? named = _reading.NamesInText && identifiers < arrow ? CueNames.OfIdentifier(Lines[arrow - 1].Text.Trim()) : null;

        var texts = new List<string>();
        if (cue.After.Length > 0)
        {
            _source.Note(ReadingNote.UnplacedText, Lines[arrow], "a text behind the times of a cue");
            texts.Add(cue.After);
        }

        bool blank = false;
        for (int i = arrow + 1; i < end; i++)
        {
            if (Lines[i].IsBlank)
            {
                blank = true;
                continue;
            }

            if (blank && _webVtt && IsComment(i))
            {
                i = EndOfBlock(i, end) - 1;
                continue;
            }

            if (blank && end == Lines.Count && texts.Count > 0 && IsNextNumber(Lines[i].Text))
            {
                _source.Note(ReadingNote.UnplacedText, Lines[i], "the file breaks off before the times of a subtitle");
            }
            else if (blank && texts.Count > 0)
            {
                _source.Note(ReadingNote.UnplacedText, Lines[i], "a text without times behind a blank line");
            }

            texts.Add(Lines[i].Text);
            blank = false;
        }

        string glued = BeforeTimes(next);
        if (glued.Length > 0)
        {
            _source.Note(ReadingNote.UnplacedText, Lines[next], "a text in front of the times of a cue");
            texts.Add(glued);
        }

        Add(CueText.Read(texts, range, _webVtt, _reading.NamesInText, named), arrow);
        if (!_reading.NamesInText && texts.Count > 0 && CueNames.StartsWithName(texts[0], out _, out _))
        {
            _source.Note(ReadingNote.PossibleNames, Lines[arrow], "a name and a colon");
        }
    }

    /// <summary>Adds what a cue says, at its time in the whole file. A cue that goes on in the next part stands there once more.</summary>
    private void Add(IEnumerable<TranscriptSegment> said, int arrow)
    {
        (int part, double shift) = _parts?.At(arrow) ?? (0, 0);
        if (part != _part)
        {
            (_part, _before, _own) = (part, _own, []);
        }

        foreach (TranscriptSegment segment in said)
        {
            TranscriptSegment moved = shift == 0 ? segment : segment with
            {
                Range = Moved(segment.Range, shift, arrow),
                Words = [.. segment.Words.Select(word => word with { Range = Moved(word.Range, shift, arrow) })],
            };
            _own.Add((moved.Range, moved.Text, moved.Speaker));
            if (moved.Range is not null && _before.Contains((moved.Range, moved.Text, moved.Speaker)))
            {
                _source.Note(ReadingNote.RollingCaption, Lines[arrow], "it stands in the part before already");
            }
            else
            {
                _segments.Add(moved);
            }
        }
    }

    private TimeRange? Moved(TimeRange? range, double shift, int line) =>
        range is { } own ? _source.Range(Lines[line], own.Start + shift, own.End + shift) : null;

    /// <summary>The text in front of the times of the cue at a line; the cue's number may stand there and is none.</summary>
    private string BeforeTimes(int arrow)
    {
        string text = TextBeforeTimes(arrow);
        return TryNumber(text, out long number) && (_number < 0 || number == _number + 1) ? "" : text;
    }

    private string TextBeforeTimes(int arrow) => arrow < Lines.Count && CueTime.TryRead(Lines[arrow].Text, out CueTime cue) ? cue.Before : "";

    private void KeepUnplaced(string text, int line)
    {
        if (text.Length > 0)
        {
            _source.Note(ReadingNote.UnplacedText, Lines[line], "a cue without times; they look like 00:01.000 --> 00:02.500");
            _segments.AddRange(CueText.Read([text], null, _webVtt, _reading.NamesInText));
        }
    }

    /// <summary>Text in front of the first cue, as segments without times.</summary>
    private void KeepUnplaced(int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            if (Lines[i].IsBlank || Lines[i].Text.StartsWith(";;", StringComparison.Ordinal))
            {
                continue;
            }

            if (_webVtt && IsComment(i) && (i == first || Lines[i - 1].IsBlank))
            {
                i = EndOfBlock(i, end) - 1;
                continue;
            }

            KeepUnplaced(Lines[i].Text, i);
        }
    }

    private int EndOfBlock(int line, int end)
    {
        while (line < end && !Lines[line].IsBlank)
        {
            line++;
        }

        return line;
    }

    private bool IsComment(int line)
    {
        string text = Lines[line].Text.TrimEnd();
        return text is "NOTE" or "STYLE" or "REGION" || text.StartsWith("NOTE ", StringComparison.Ordinal) || text.StartsWith("NOTE\t", StringComparison.Ordinal)
            || text.StartsWith("STYLE ", StringComparison.Ordinal) || text.StartsWith("REGION ", StringComparison.Ordinal);
    }
}
