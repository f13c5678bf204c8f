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

    /// <summary>The interval from a start and a duration.</summary>
    public TimeRange FromDuration(string start, string duration)
    {
        decimal from = Seconds(start, "start");
        decimal length = Seconds(duration, "duration");
        return new TimeRange((double)from, (double)(from + length));
    }

    /// <summary>The interval from a start and an end.</summary>
    public TimeRange FromEnds(string start, string end)
    {
        decimal from = Seconds(start, "start");
        decimal to = Seconds(end, "end");
        return to >= from
            ? new TimeRange((double)from, (double)to)
            : throw Fail($"the end {end} lies before the start {start}");
    }

    /// <summary>A confidence, 0 to 1, or null for <c>&lt;NA&gt;</c>.</summary>
    public double? Confidence(string field) =>
        AnnotationField.TryParseConfidence(field, out double? confidence)
            ? confidence
            : throw Fail($"the confidence \"{field}\" is not a number from 0 to 1 or <NA>");

    /// <summary>The error that this line breaks its format.</summary>
    public AnnotationFormatException Fail(string problem) => new(Source, Number, problem);

    private decimal Seconds(string field, string what) =>
        AnnotationField.ParseSeconds(field)
        ?? throw Fail($"the {what} \"{field}\" is not a number of seconds from 0 to {AnnotationField.MaximumSeconds:0}");
}
