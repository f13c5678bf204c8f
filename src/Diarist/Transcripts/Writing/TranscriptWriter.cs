using System.Globalization;
using System.Text;
using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Packs;
using Diarist.Transcripts.TextFormats;

namespace Diarist.Transcripts.Writing;

/// <summary>Writes transcripts with speakers. Lines end with a line feed, numbers are in the invariant culture.</summary>
public static class TranscriptWriter
{
    private const string Unknown = "unknown";

    /// <summary>Writes a transcript; segments with several speakers are split where the speaker changes.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="transcript">What.</param>
    /// <param name="format">As what.</param>
    /// <param name="recording">The recording's id, for the formats that name it and segments that do not.</param>
    /// <param name="audio">The address of the recording, relative to the page, for <see cref="TranscriptFormat.Html"/>; without it the page has no player.</param>
    public static void Write(TextWriter writer, AttributedTranscript transcript, TranscriptFormat format, string recording, string? audio = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(transcript);
        ArgumentNullException.ThrowIfNull(recording);
        IReadOnlyList<SpeakerLine> lines = SpeakerLine.From(transcript);
        switch (format)
        {
            case TranscriptFormat.Text:
                WriteParagraphs(writer, lines, (time, speaker) => speaker is null ? $"[{time}] " : $"[{time}] {speaker}: ", "\n", text => text);
                break;
            case TranscriptFormat.Markdown:
                WriteParagraphs(writer, lines, (time, speaker) => speaker is null ? $"({time}) " : $"**{EscapeMarkdown(speaker)}** ({time}): ", "\n\n", EscapeMarkdown);
                break;
            case TranscriptFormat.Html:
                HtmlPage.Write(writer, Paragraph.From(lines), recording, audio);
                break;
            case TranscriptFormat.Srt:
                SubRip.Write(writer, Subtitles.From(lines));
                break;
            case TranscriptFormat.WebVtt:
                WebVtt.Write(writer, Subtitles.From(lines));
                break;
            case TranscriptFormat.Json:
                TranscriptJson.Write(writer, transcript);
                break;
            case TranscriptFormat.DiarizedJson:
                TranscriptJson.WriteDiarized(writer, lines, transcript.Packs);
                break;
            case TranscriptFormat.TextGrid:
                TextGrid.Write(writer, lines);
                break;
            case TranscriptFormat.Csv:
                WriteCsv(writer, lines);
                break;
            default:
                WriteAnnotations(writer, lines, transcript.Packs, format, recording);
                break;
        }
    }

    /// <summary>Writes a readable transcript as a Word document (Office Open XML).</summary>
    /// <param name="stream">Where to; it need not be seekable.</param>
    /// <param name="transcript">What.</param>
    /// <param name="title">The heading.</param>
    public static void WriteDocx(Stream stream, AttributedTranscript transcript, string title)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(transcript);
        ArgumentNullException.ThrowIfNull(title);
        WordDocument.Write(stream, Paragraph.From(SpeakerLine.From(transcript)), title);
    }

    private static void WriteParagraphs(
        TextWriter writer, IReadOnlyList<SpeakerLine> lines, Func<string, string?, string> heading, string end, Func<string, string> escape)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            bool continues = i > 0 && lines[i].Speaker == lines[i - 1].Speaker && lines[i].Recording == lines[i - 1].Recording;
            writer.Write(continues ? " " : (i > 0 ? end : "") + heading(Clock(lines[i].Range.Start), lines[i].Speaker));
            writer.Write(escape(PlainText.OneLine(lines[i].Text)));
        }

        writer.Write(lines.Count > 0 ? "\n" : "");
    }

    private static void WriteCsv(TextWriter writer, IReadOnlyList<SpeakerLine> lines)
    {
        writer.Write("start,end,speaker,text\n");
        foreach (SpeakerLine line in lines)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{line.Range.Start:0.000},{line.Range.End:0.000},{Cell(line.Speaker ?? "")},{Cell(line.Text)}\n"));
        }
    }

    private static void WriteAnnotations(TextWriter writer, IReadOnlyList<SpeakerLine> lines, IReadOnlyList<LocatedPack> packs, TranscriptFormat format, string recording)
    {
        var recordings = lines.GroupBy(line => line.Recording ?? recording).ToArray();
        if (format == TranscriptFormat.SegLst)
        {
            SegLst.Write(writer, recordings.Select(group => new RecordingUtterances(group.Key, [.. group.Select(line => Utter(line, line.Speaker))])), packs);
            return;
        }

        foreach (var group in recordings)
        {
            switch (format)
            {
                case TranscriptFormat.Stm:
                    Stm.Write(writer, group.Key, group.Select(line => Utter(line, line.Speaker ?? Unknown)));
                    break;
                case TranscriptFormat.Ctm:
                    Ctm.Write(writer, group.Key, group.SelectMany(WordTimes.Of));
                    break;
                case TranscriptFormat.Rttm:
                    Rttm.Write(writer, group.Key, Turns(group));
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format.");
            }
        }
    }

    private static Utterance Utter(SpeakerLine line, string? speaker) => new(line.Range, speaker, PlainText.OneLine(line.Text));

    /// <summary>Consecutive lines of one speaker are one turn.</summary>
    private static List<Turn> Turns(IEnumerable<SpeakerLine> lines)
    {
        var turns = new List<Turn>();
        string? last = null;
        foreach (SpeakerLine line in lines)
        {
            TimeRange range = line.Range;
            if (line.Speaker is not null && line.Speaker == last && range.Start >= turns[^1].Start)
            {
                turns[^1] = turns[^1] with { Range = new TimeRange(turns[^1].Start, Math.Max(turns[^1].End, range.End)) };
            }
            else if (line.Speaker is not null && !range.IsEmpty)
            {
                turns.Add(new Turn(range, line.Speaker));
            }

            last = turns.Count > 0 && line.Speaker == turns[^1].Speaker ? line.Speaker : null;
        }

        return turns;
    }

    internal static string Clock(double seconds)
    {
        long whole = (long)seconds;
        return whole >= 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{whole / 3600}:{whole / 60 % 60:00}:{whole % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{whole / 60}:{whole % 60:00}");
    }

    private static string Cell(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string EscapeMarkdown(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            if ("\\`*_[]<>#|".Contains(character, StringComparison.Ordinal))
            {
                escaped.Append('\\');
            }

            escaped.Append(character);
        }

        return escaped.ToString();
    }
}
