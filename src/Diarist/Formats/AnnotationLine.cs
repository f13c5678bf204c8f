using System.Globalization;

namespace Diarist.Formats;

/// <summary>One line that says something, with its place for error messages.</summary>
internal readonly record struct AnnotationLine(string Source, int Number, string Text)
{
    /// <summary>
    /// The lines of a text that are neither blank nor comments (<c>;;</c>). LF, CRLF and CR end a line; a byte order mark
    /// at the start is dropped.
    /// </summary>
    public static IEnumerable<AnnotationLine> ReadAll(TextReader reader, string source)
    {
        int number = 0;
        while (reader.ReadLine() is string text)
        {
            number++;
            if (number == 1)
            {
                text = text.TrimStart('\uFEFF');
            }

            text = text.Trim(' ', '\t', '\v', '\f');
            if (text.Length > 0 && !text.StartsWith(";;", StringComparison.Ordinal))
            {
                yield return new AnnotationLine(source, number, text);
            }
        }
    }

    /// <summary>The fields; when there are more than <paramref name="most"/>, the last one is the rest of the line as it stands.</summary>
    public List<string> Split(int most = int.MaxValue)
    {
        var fields = new List<string>(Math.Min(most, 12));
        int position = 0;
        while (position < Text.Length)
        {
            int end = position;
            if (fields.Count == most - 1)
            {
                end = Text.Length;
            }

            while (end < Text.Length && !AnnotationField.IsBlank(Text[end]))
            {
                end++;
            }

            fields.Add(Text[position..end]);
            position = end;
            while (position < Text.Length && AnnotationField.IsBlank(Text[position]))
            {
                position++;
            }
        }

        return fields;
    }

    /// <summary>The interval from a start and a duration; what is put right is noted where notes are given, else an error.</summary>
    public TimeRange FromDuration(string start, string duration, ReadingNotes? notes = null)
    {
        decimal from = Seconds(start, "start", notes);
        decimal length = Seconds(duration, "duration", notes);
        return new TimeRange((double)from, (double)(from + length));
    }

    /// <summary>The interval from a start and an end; see <see cref="FromDuration"/>.</summary>
    public TimeRange FromEnds(string start, string end, ReadingNotes? notes = null)
    {
        decimal from = Seconds(start, "start", notes);
        decimal to = Seconds(end, "end", notes);
        if (to < from)
        {
            Note(notes, ReadingNote.BackwardTime, $"the end {end} lies before the start {start}");
        }

        return new TimeRange((double)from, (double)Math.Max(from, to));
    }

    /// <summary>A confidence, 0 to 1, or null for <c>&lt;NA&gt;</c> and numbers outside that range.</summary>
    public double? Confidence(string field) =>
        AnnotationField.TryParseConfidence(field, out double? confidence)
            ? confidence
            : throw Fail($"the confidence \"{field}\" is not a number or <NA>");

    /// <summary>The error that this line breaks its format.</summary>
    public AnnotationFormatException Fail(string problem) => new(Source, Number, problem);

    private decimal Seconds(string field, string what, ReadingNotes? notes)
    {
        if (AnnotationField.ParseSeconds(field) is { } seconds)
        {
            return seconds;
        }

        // A field that is no number at all is another format's line; only numbers out of range are put right.
        bool number = double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
        Note(number ? notes : null, value < 0 ? ReadingNote.NegativeTime : ReadingNote.NotANumber, $"the {what} \"{field}\" is not a number of seconds from 0 to {AnnotationField.MaximumSeconds:0}");
        return 0;
    }

    private void Note(ReadingNotes? notes, ReadingNote kind, string problem)
    {
        AnnotationLine line = this;
        (notes ?? throw Fail(problem)).Add(kind, () => line.Fail(problem));
    }
}
