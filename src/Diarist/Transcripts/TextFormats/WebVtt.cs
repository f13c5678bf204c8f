using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>WebVTT (W3C): header, then blocks; cues carry their speaker as a voice tag.</summary>
internal static class WebVtt
{
    public static Transcript Read(TextSource source)
    {
        var segments = new List<TranscriptSegment>();
        int i = source.Lines.TakeWhile(line => !line.Text.StartsWith("WEBVTT", StringComparison.Ordinal)).Count() + 1;
        while (i < source.Lines.Count)
        {
            int first = i;
            while (i < source.Lines.Count && !source.Lines[i].IsBlank)
            {
                i++;
            }

            ReadBlock(source, first, i, segments);
            i++;
        }

        return new Transcript(segments) { Dialect = "webvtt", Turns = SpeakerTurns.From(segments) };
    }

    public static void Write(TextWriter writer, IEnumerable<SpeakerLine> lines)
    {
        writer.Write("WEBVTT\n\n");
        foreach (SpeakerLine line in lines)
        {
            writer.Write($"{CueTime.Format(line.Range.Start, '.')} --> {CueTime.Format(line.Range.End, '.')}\n");
            string text = Escape(line.Text);
            writer.Write(line.Speaker is null ? $"{text}\n\n" : $"<v {Escape(line.Speaker)}>{text}</v>\n\n");
        }
    }

    private static void ReadBlock(TextSource source, int first, int end, List<TranscriptSegment> segments)
    {
        int times = first;
        while (times < end && !CueTime.Arrow().IsMatch(source.Lines[times].Text))
        {
            times++;
        }

        if (times - first <= 1 && times < end)
        {
            TimeRange range = CueTime.Range(source, source.Lines[times]);
            segments.AddRange(CueText.Read(source.Lines.Skip(times + 1).Take(end - times - 1).Select(text => text.Text), range, entities: true));
        }
        else if (first < end && !IsNote(source.Lines[first].Text) && segments.Count > 0)
        {
            throw source.Error(source.Lines[first], "a cue without times; they look like 00:01.000 --> 00:02.500");
        }
    }

    private static bool IsNote(string line) =>
        line.StartsWith("NOTE", StringComparison.Ordinal) || line.StartsWith("STYLE", StringComparison.Ordinal) || line.StartsWith("REGION", StringComparison.Ordinal);

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
