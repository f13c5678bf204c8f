using System.Text;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>Tells the text dialects apart by what they say.</summary>
internal static class TextDialects
{
    /// <summary>Whether a file that starts with a bracket starts with a time in brackets and a text, and not with a JSON list.</summary>
    public static bool StartsWithTime(ReadOnlySpan<byte> bytes)
    {
        string start = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 4096)]);
        return TimedLines.Is(start.Split('\n')[0].TrimEnd('\r')) || MossText.StartsAt(start);
    }

    public static Transcript ReadAny(TextSource source)
    {
        TextLine[] start = [.. source.Lines.Where(line => !line.IsBlank && !line.Text.StartsWith(";;", StringComparison.Ordinal)).Take(2)];
        if (start.Length == 0)
        {
            throw source.ErrorAtEnd("the file is empty: a transcript was expected");
        }

        string first = start[0].Text.Trim();
        if (source.IsUtf16 && first[0] is '{' or '[' && !TimedLines.Is(first) && !MossText.StartsAt(first))
        {
            throw source.Error(start[0], "the JSON is UTF-16; convert it to UTF-8");
        }

        if (first.StartsWith("WEBVTT", StringComparison.Ordinal))
        {
            return WebVtt.Read(source);
        }

        if (first.StartsWith("File type", StringComparison.Ordinal))
        {
            return TextGrid.Read(source);
        }

        if (start.Any(line => CueTime.Arrow().IsMatch(line.Text)) && !TimedLines.Is(first))
        {
            return SubRip.Read(source);
        }

        if (AudacityLabels.Is(first))
        {
            return AudacityLabels.Read(source);
        }

        if (source.Lines.Any(line => PocketSphinxText.IsStart(line.Text)))
        {
            return PocketSphinxText.Read(source);
        }

        if (InlineSpeakers.TryRead(source.Text, out var segments, out string dialect))
        {
            return new Transcript(segments) { Dialect = dialect, Turns = SpeakerTurns.From(segments) };
        }

        if (source.Lines.Any(line => TimedLines.Is(line.Text)))
        {
            return TimedLines.Read(source);
        }

        return AnnotationSniffer.Detect(source.Text) switch
        {
            AnnotationFormat.Ctm => AnnotatedUtterances.ReadCtm(source),
            AnnotationFormat.Stm => AnnotatedUtterances.ReadStm(source),
            AnnotationFormat.Rttm => throw source.Error(start[0], "this is RTTM: it says who speaks, not what; it is read as turns, beside a transcript"),
            _ => throw source.Error(start[0], "this is no transcript that is known here; docs/transcripts.md lists the dialects"),
        };
    }
}
