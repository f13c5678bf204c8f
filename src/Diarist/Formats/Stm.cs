namespace Diarist.Formats;

/// <summary>
/// Segment time-marked files: <c>recording channel speaker start end [&lt;label,…&gt;] text</c>, one utterance a line (NIST SCTK).
/// </summary>
/// <remarks>
/// The text may be empty. A label is a sixth field in angle brackets that holds a comma, or <c>&lt;NA&gt;</c>; it is dropped.
/// Lines whose text is <c>IGNORE_TIME_SEGMENT_IN_SCORING</c> are skipped. Alternatives (<c>{ a / b }</c>) are kept as they
/// stand. An utterance of no duration is kept; an end before its start is an error.
/// </remarks>
public static class Stm
{
    private const string Ignored = "IGNORE_TIME_SEGMENT_IN_SCORING";

    /// <summary>Reads all utterances, by recording.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">The name of the file, for error messages.</param>
    /// <returns>The recordings in order of appearance.</returns>
    /// <exception cref="AnnotationFormatException">A line breaks the format; the error names it.</exception>
    public static IReadOnlyList<RecordingUtterances> Read(TextReader reader, string name) => Read(reader, name, null);

    /// <summary>The same with bad numbers put right and noted, where notes are given.</summary>
    internal static IReadOnlyList<RecordingUtterances> Read(TextReader reader, string name, ReadingNotes? notes)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var recordings = new RecordingGroups<Utterance>();
        foreach (AnnotationLine line in AnnotationLine.ReadAll(reader, name))
        {
            List<string> fields = line.Split(6);
            if (fields.Count < 5)
            {
                throw line.Fail($"an STM line has at least 5 fields (recording, channel, speaker, start, end, text), and this one has {fields.Count}");
            }

            TimeRange range = line.FromEnds(fields[3], fields[4], notes);
            string text = WithoutLabel(fields.Count > 5 ? fields[5] : "");
            if (!text.Equals(Ignored, StringComparison.OrdinalIgnoreCase))
            {
                recordings.Add(
                    AnnotationField.Unescape(fields[0]),
                    new Utterance(range, AnnotationField.Unescape(fields[2]), text) { Channel = AnnotationField.Unescape(fields[1]) });
            }
        }

        return recordings.Select((recording, utterances) => new RecordingUtterances(recording, utterances));
    }

    /// <summary>Writes the utterances of a recording, in the order given, with times exact to the millisecond; line breaks in a text become spaces.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="recording">The id of the recording; white space in it is written as <c>%20</c> and read back as white space.</param>
    /// <param name="utterances">The utterances; every one needs a speaker.</param>
    /// <exception cref="ArgumentException">An utterance has no speaker, or an interval that cannot be written (NaN, negative, end before start).</exception>
    public static void Write(TextWriter writer, string recording, IEnumerable<Utterance> utterances)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(utterances);
        string id = AnnotationField.Escape(recording, "recording id");
        foreach (Utterance utterance in utterances)
        {
            (long start, long end) = AnnotationField.Milliseconds(utterance.Range);
            string channel = AnnotationField.Escape(utterance.Channel, "channel");
            string speaker = AnnotationField.Escape(utterance.Speaker ?? "", "speaker");
            string text = utterance.Text.ReplaceLineEndings(" ").Trim();

            // A text that would read as a label is kept apart from it by a label that says nothing.
            string label = WithoutLabel(text).Length < text.Length ? $"{AnnotationField.NotAvailable} " : "";
            writer.Write($"{id} {channel} {speaker} {AnnotationField.Seconds(start)} {AnnotationField.Seconds(end)} {label}{text}".TrimEnd());
            writer.Write('\n');
        }
    }

    private static string WithoutLabel(string text)
    {
        if (!text.StartsWith('<'))
        {
            return text;
        }

        int end = 0;
        while (end < text.Length && !AnnotationField.IsBlank(text[end]))
        {
            end++;
        }

        string field = text[..end];
        bool isLabel = field == AnnotationField.NotAvailable || (field.EndsWith('>') && field.Contains(',', StringComparison.Ordinal));
        return isLabel ? text[end..].TrimStart(' ', '\t', '\v', '\f') : text;
    }
}
