using System.Globalization;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>Writes SRT subtitles: number, times, text, a blank line.</summary>
internal static class SubRip
{
    public static void Write(TextWriter writer, IEnumerable<SpeakerLine> lines)
    {
        int number = 1;
        foreach (SpeakerLine line in lines)
        {
            writer.Write(number++.ToString(CultureInfo.InvariantCulture));
            writer.Write('\n');
            writer.Write($"{ClockTime.Format(line.Range.Start, ',')} --> {ClockTime.Format(line.Range.End, ',')}\n");
            string text = PlainText.OneLine(line.Text).Replace("-->", "->", StringComparison.Ordinal);
            writer.Write(line.Speaker is null ? $"{text}\n\n" : $"[{PlainText.OneLine(line.Speaker)}]: {text}\n\n");
        }
    }
}
