namespace Diarist.Formats;

/// <summary>
/// Time-marked conversation files: <c>recording channel start duration word [confidence [type [speaker]]]</c>, one word a line
/// (NIST SCTK; the last two fields as in the RT evaluations).
/// </summary>
/// <remarks>
/// A word of no duration is kept; a negative duration is an error. Where no speaker is given, the speaker is
/// <see langword="null"/> and the channel tells speakers apart. A confidence outside 0 to 1 is read as none and written as <c>&lt;NA&gt;</c>. NIST's alternatives (<c>&lt;ALT_BEGIN&gt;</c>) are not supported and are an error.
/// </remarks>
public static class Ctm
{
    /// <summary>Reads all words, by recording.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">The name of the file, for error messages.</param>
    /// <returns>The recordings in order of appearance; each utterance is one word.</returns>
    /// <exception cref="AnnotationFormatException">A line breaks the format; the error names it.</exception>
    public static IReadOnlyList<RecordingUtterances> Read(TextReader reader, string name) => Read(reader, name, null);

    /// <summary>The same with bad numbers put right and noted, where notes are given.</summary>
    internal static IReadOnlyList<RecordingUtterances> Read(TextReader reader, string name, ReadingNotes? notes)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var recordings = new RecordingGroups<Utterance>();
        foreach (AnnotationLine line in AnnotationLine.ReadAll(reader, name))
        {
            List<string> fields = line.Split();
            if (fields.Count is < 5 or > 8)
            {
                throw line.Fail($"a CTM line has 5 to 8 fields (recording, channel, start, duration, word, confidence, type, speaker), and this one has {fields.Count}");
            }

            string? speaker = fields.Count > 7 && !AnnotationField.IsNotAvailable(fields[7]) ? AnnotationField.Unescape(fields[7]) : null;
            recordings.Add(
                AnnotationField.Unescape(fields[0]),
                new Utterance(line.FromDuration(fields[2], fields[3], notes), speaker, fields[4])
                {
                    Channel = AnnotationField.Unescape(fields[1]),
                    Confidence = fields.Count > 5 ? line.Confidence(fields[5]) : null,
                });
        }

        return recordings.Select((recording, words) => new RecordingUtterances(recording, words));
    }

    /// <summary>
    /// Writes the words of a recording, in the order given, with times exact to the millisecond: five fields, six with a
    /// confidence, eight with a speaker (the type is then <c>lex</c>).
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="recording">The id of the recording; white space in it is written as <c>%20</c> and read back as white space.</param>
    /// <param name="words">The words, each an utterance of one word.</param>
    /// <exception cref="ArgumentException">An utterance is not one word, or its interval cannot be written (NaN, negative, end before start).</exception>
    public static void Write(TextWriter writer, string recording, IEnumerable<Utterance> words)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(words);
        string id = AnnotationField.Escape(recording, "recording id");
        foreach (Utterance word in words)
        {
            (long start, long end) = AnnotationField.Milliseconds(word.Range);
            string channel = AnnotationField.Escape(word.Channel, "channel");
            writer.Write($"{id} {channel} {AnnotationField.Seconds(start)} {AnnotationField.Seconds(end - start)} {OneWord(word.Text)}");
            if (word.Confidence is not null || word.Speaker is not null)
            {
                writer.Write($" {AnnotationField.Confidence(word.Confidence)}");
            }

            if (word.Speaker is not null)
            {
                writer.Write($" lex {AnnotationField.Escape(word.Speaker, "speaker")}");
            }

            writer.Write('\n');
        }
    }

    private static string OneWord(string text) =>
        text.Length > 0 && !text.Any(character => character <= ' ')
            ? text
            : throw new ArgumentException($"A CTM line holds one word, and \"{text}\" is not one.");
}
