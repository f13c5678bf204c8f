using System.Globalization;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>SRT subtitles: number, times, lines of text, a blank line.</summary>
internal static class SubRip
{
    public static Transcript Read(TextSource source)
    {
        var segments = new List<TranscriptSegment>();
        for (int i = 0; i < source.Lines.Count;)
        {
            TextLine line = source.Lines[i];
            if (line.IsBlank)
            {
                i++;
                continue;
            }

            if (!CueTime.Arrow().IsMatch(line.Text))
            {
                if (!line.Text.Trim().All(char.IsAsciiDigit))
                {
                    throw source.Error(line, "the number or the times of a subtitle were expected");
                }

                if (++i == source.Lines.Count || !CueTime.Arrow().IsMatch(source.Lines[i].Text))
                {
                    throw i == source.Lines.Count ? source.ErrorAtEnd("the file breaks off before the times of a subtitle") : source.Error(source.Lines[i], "the times of a subtitle were expected");
                }
            }

            TimeRange range = CueTime.Range(source, source.Lines[i]);
            int first = ++i;
            while (i < source.Lines.Count && !source.Lines[i].IsBlank)
            {
                i++;
            }

            segments.AddRange(CueText.Read(source.Lines.Skip(first).Take(i - first).Select(text => text.Text), range, entities: false));
        }

        return new Transcript(segments) { Dialect = "srt", Turns = SpeakerTurns.From(segments) };
    }

    public static void Write(TextWriter writer, IEnumerable<SpeakerLine> lines)
    {
        int number = 1;
        foreach (SpeakerLine line in lines)
        {
            writer.Write(number++.ToString(CultureInfo.InvariantCulture));
            writer.Write('\n');
            writer.Write($"{CueTime.Format(line.Range.Start, ',')} --> {CueTime.Format(line.Range.End, ',')}\n");
            string text = line.Text.Replace("-->", "->", StringComparison.Ordinal);
            writer.Write(line.Speaker is null ? $"{text}\n\n" : $"[{line.Speaker}]: {text}\n\n");
        }
    }
}
