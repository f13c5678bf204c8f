using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>Writes WebVTT (W3C): header, then cues that carry their speaker as a voice tag.</summary>
internal static class WebVtt
{
    public static void Write(TextWriter writer, IEnumerable<SpeakerLine> lines)
    {
        writer.Write("WEBVTT\n\n");
        foreach (SpeakerLine line in lines)
        {
            writer.Write($"{ClockTime.Format(line.Range.Start, '.')} --> {ClockTime.Format(line.Range.End, '.')}\n");
            string text = Escape(line.Text);
            writer.Write(line.Speaker is null ? $"{text}\n\n" : $"<v {Escape(line.Speaker)}>{text}</v>\n\n");
        }
    }

    private static string Escape(string text) =>
        PlainText.OneLine(text).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
