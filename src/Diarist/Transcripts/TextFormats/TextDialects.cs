using System.Text;
using System.Text.RegularExpressions;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>Tells the text dialects apart by what they say.</summary>
internal static partial class TextDialects
{
    private static readonly string[] JsonWords = ["true", "false", "null", "NaN", "Infinity"];

    /// <summary>Whether a file that starts with a bracket starts with a time or a word in brackets, and not with a JSON list.</summary>
    public static bool StartsWithTime(ReadOnlySpan<byte> bytes)
    {
        string start = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 4096)]);
        string first = start.Split('\n')[0].TrimEnd('\r');
        string inside = start[1..].TrimStart();
        bool word = inside.Length > 0 && char.IsLetter(inside[0]) && !JsonWords.Any(json => inside.StartsWith(json, StringComparison.Ordinal));
        return word || Lrc.Is(first) || TimedLines.Is(first) || Scripts.Begins(first) || MossText.StartsAt(start);
    }

    /// <summary>Whether a file that starts with a brace has frame numbers in it, as MicroDVD writes them, and not a JSON object.</summary>
    public static bool CountsFrames(ReadOnlySpan<byte> bytes) => MicroDvd().IsMatch(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 32)]));

    /// <summary>Reads a file in whichever dialect it is.</summary>
    public static Transcript ReadAny(TextSource source, TranscriptReading reading)
    {
        Transcript read = ReadDialect(source, reading);
        foreach (TranscriptSegment _ in read.Segments.Where(segment => segment.Range is null && segment.Words.Count == 0))
        {
            source.Notes.Add(ReadingNote.UntimedText, () => source.Error(source.Lines[0], "see the notes before"));
        }

        return reading.Items == TranscriptItems.Words ? AsWords(read) : read;
    }

    /// <summary>Captions and lines of which each is one word, as whisper.cpp and others write them when asked for words.</summary>
    private static Transcript AsWords(Transcript read)
    {
        var segments = new List<TranscriptSegment>();
        for (int i = 0; i < read.Segments.Count;)
        {
            TranscriptSegment first = read.Segments[i];
            var words = new List<Word>();
            for (; i < read.Segments.Count && read.Segments[i] is var own && own.Recording == first.Recording; i++)
            {
                words.AddRange(own.Words.Count > 0 ? own.Words : [new Word(own.Text, own.Range) { Speaker = own.Speaker }]);
            }

            segments.Add(TranscriptSegment.FromWords(words) with { Recording = first.Recording });
        }

        return read with { Segments = segments };
    }

    private static Transcript ReadDialect(TextSource source, TranscriptReading reading)
    {
        TextLine[] start = [.. source.Lines.Where(line => !line.IsBlank && !line.Text.StartsWith(";;", StringComparison.Ordinal)).Take(2)];
        if (start.Length == 0)
        {
            throw source.ErrorAtEnd("the file is empty: a transcript was expected");
        }

        string first = start[0].Text.Trim();
        if (first is "[INFORMATION]")
        {
            throw source.Error(start[0], "SubViewer subtitles are not read; convert them to SRT");
        }

        if (MicroDvd().IsMatch(first))
        {
            throw source.Error(start[0], "MicroDVD subtitles count frames, whose length the file does not say; convert them to SRT");
        }

        if (first.StartsWith("WEBVTT", StringComparison.Ordinal))
        {
            return Captions.Read(source, reading, webVtt: true);
        }

        if (TimedXml.Is(first))
        {
            return TimedXml.Read(source);
        }

        if (SubStation.Is(first))
        {
            return SubStation.Read(source);
        }

        if (Lrc.Is(first))
        {
            return Lrc.Read(source);
        }

        if (first.StartsWith("File type", StringComparison.Ordinal))
        {
            return TextGrid.Read(source);
        }

        if (Tables.Is(start[0].Text))
        {
            return Tables.Read(source);
        }

        if (source.Lines.Any(line => CueTime.TryRead(line.Text, out CueTime cue) && cue.IsWhole))
        {
            return Captions.Read(source, reading, webVtt: false);
        }

        if (AudacityLabels.Is(first))
        {
            return AudacityLabels.Read(source);
        }

        if (Tables.IsRow(start[0].Text))
        {
            return Tables.Read(source);
        }

        if (source.Lines.Any(line => PocketSphinxText.IsStart(line.Text)))
        {
            return PocketSphinxText.Read(source);
        }

        if (Mpl2.Is(first))
        {
            return Mpl2.Read(source);
        }

        if (InlineSpeakers.TryRead(source.Text, out var segments, out string dialect))
        {
            return new Transcript(segments) { Dialect = dialect, Turns = SpeakerTurns.From(segments) };
        }

        if (SpecialTokens.Timed(source.Text, out bool startsOver) is { Count: > 0 } timed)
        {
            return startsOver ? throw source.Error(start[0], "the times among its tokens start over, and where each window begins is not stated; let the recognizer write segments") : new Transcript(timed) { Dialect = "whisper-tokens" };
        }

        if (source.Lines.Any(line => TimedLines.Is(line.Text)))
        {
            return TimedLines.Read(source, reading);
        }

        if (Scripts.Is(source.Lines))
        {
            return Scripts.Read(source);
        }

        if (source.Lines.Any(line => CueTime.TryRead(line.Text, out _)))
        {
            return Captions.Read(source, reading, webVtt: false);
        }

        return AnnotationSniffer.Detect(source.Text) switch
        {
            AnnotationFormat.Ctm => AnnotatedUtterances.ReadCtm(source),
            AnnotationFormat.Stm => AnnotatedUtterances.ReadStm(source),
            AnnotationFormat.Rttm => throw source.Error(start[0], "this is RTTM: it says who speaks, not what; it is read as turns, beside a transcript"),
            _ when source.Lines.FirstOrDefault(line => line.Text.TrimStart() is ['{', ..] or ['[', '{', ..]) is { Text: not null } json =>
                throw source.Error(json, "JSON begins here among other text; save it as a file of its own"),
            _ when Tables.UnknownHeader(source.Lines) is { } header => throw source.Error(start[0], header),
            _ => throw source.Error(start[0], $"unrecognized transcript format: no line has a time; a text without times cannot be joined with speakers, so let the recognizer write times; {TranscriptDialects.Known}"),
        };
    }

    [GeneratedRegex(@"^\{[0-9]+\}\{[0-9]*\}")]
    private static partial Regex MicroDvd();
}
