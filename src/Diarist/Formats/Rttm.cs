using System.Globalization;

namespace Diarist.Formats;

/// <summary>
/// Rich Transcription Time Marked files: <c>SPEAKER recording channel start duration &lt;NA&gt; &lt;NA&gt; speaker confidence &lt;NA&gt;</c>,
/// one turn a line (NIST, RT-09 evaluation plan, appendix A).
/// </summary>
/// <remarks>
/// Only <c>SPEAKER</c> lines are turns; the other types that NIST defines are skipped, unknown ones are an error. A channel is a number
/// from 1 or a letter from A; anything else counts as the first. A whole number other than 1 in the place of the confidence is refused: it may be the second half of a name.
/// Confidences outside 0 to 1 are read as none. A turn of no duration is kept (it says nothing to the scorers); a negative duration is an error.
/// </remarks>
public static class Rttm
{
    /// <summary>The name that a recording has in RTTM and its like: its file's name without extension, without white space.</summary>
    /// <param name="file">The file's name, with or without folders.</param>
    public static string RecordingOf(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        string id = string.Concat(Path.GetFileNameWithoutExtension(file).Select(c => char.IsWhiteSpace(c) || char.IsControl(c) ? '_' : c));
        return id.Length == 0 ? "recording" : id;
    }

    private static readonly HashSet<string> OtherTypes = new(StringComparer.Ordinal)
    {
        "SPKR-INFO", "SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER", "EDIT", "IP", "SU", "CB", "A/P",
    };

    /// <summary>Reads all turns, by recording.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">The name of the file, for error messages.</param>
    /// <returns>The recordings in order of appearance, also those that only other line types mention.</returns>
    /// <exception cref="AnnotationFormatException">A line breaks the format; the error names it.</exception>
    public static IReadOnlyList<RecordingTurns> Read(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var recordings = new RecordingGroups<Turn>();
        foreach (AnnotationLine line in AnnotationLine.ReadAll(reader, name))
        {
            List<string> fields = line.Split();
            if (fields[0] == "SPEAKER")
            {
                if (fields.Count is < 8 or > 10)
                {
                    throw line.Fail($"a SPEAKER line has 8 to 10 fields, and this one has {fields.Count}; a space in a name is written %20");
                }

                RefuseNameWithSpace(line, fields);
                recordings.Add(
                    AnnotationField.Unescape(fields[1]),
                    new Turn(line.FromDuration(fields[3], fields[4]), AnnotationField.Unescape(fields[7]))
                    {
                        Confidence = fields.Count > 8 ? line.Confidence(fields[8]) : null,
                        Channel = AnnotationField.ChannelNumber(fields[2]) ?? 1,
                    });
            }
            else if (!IsLineType(fields[0]))
            {
                throw line.Fail($"\"{fields[0]}\" is not an RTTM line type; SPEAKER was expected");
            }
            else if (fields.Count > 1)
            {
                recordings.ListOf(AnnotationField.Unescape(fields[1]));
            }
        }

        return recordings.Select((recording, turns) => new RecordingTurns(recording, turns));
    }

    /// <summary>Writes the turns of a recording, in the order given, with times exact to the millisecond.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="recording">The id of the recording; white space in it is written as <c>%20</c> and read back as white space.</param>
    /// <param name="turns">The turns.</param>
    /// <exception cref="ArgumentException">A turn has no speaker, or an interval that cannot be written (NaN, negative, end before start).</exception>
    public static void Write(TextWriter writer, string recording, IEnumerable<Turn> turns)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(turns);
        string id = AnnotationField.Escape(recording, "recording id");
        foreach (Turn turn in turns)
        {
            (long start, long end) = AnnotationField.Milliseconds(turn.Range);
            string speaker = AnnotationField.Escape(turn.Speaker, "speaker");
            writer.Write($"SPEAKER {id} {turn.Channel.ToString(CultureInfo.InvariantCulture)} {AnnotationField.Seconds(start)} {AnnotationField.Seconds(end - start)} <NA> <NA> {speaker} {AnnotationField.Confidence(turn.Confidence)} <NA>\n");
        }
    }

    /// <summary>
    /// A space in a name shifts the fields behind it, and a line of nine fields then has the ten of a whole one: the rest of
    /// the speaker's name stands where a confidence is expected, or the start where the channel is.
    /// </summary>
    private static void RefuseNameWithSpace(AnnotationLine line, List<string> fields)
    {
        const string Hint = "a space in a name is written %20";
        bool confidence = fields.Count == 8 || AnnotationField.TryParseConfidence(fields[8], out _);
        if (!confidence)
        {
            throw line.Fail($"the confidence \"{fields[8]}\" is not a number or <NA>; {Hint}");
        }

        if (fields.Count > 8 && fields[8].All(char.IsAsciiDigit) && fields[8] != "1")
        {
            throw line.Fail($"\"{fields[7]} {fields[8]}\" may be a name with a space or a name and a confidence; {Hint}, a confidence with a decimal point");
        }

        if (double.TryParse(fields[5], NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            throw line.Fail($"the speaker's name is not the eighth field; {Hint}");
        }
    }

    /// <summary>Whether a line of RTTM may begin with this field.</summary>
    internal static bool IsLineType(string field) => field == "SPEAKER" || OtherTypes.Contains(field);
}
