namespace Diarist.Formats;

/// <summary>Un-partitioned evaluation maps: <c>recording channel start end</c>, one region to be scored a line (NIST).</summary>
/// <remarks>The channel is not kept. An empty region is kept; an end before its start is an error.</remarks>
public static class Uem
{
    /// <summary>Reads all regions, by recording.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">The name of the file, for error messages.</param>
    /// <returns>The recordings in order of appearance.</returns>
    /// <exception cref="AnnotationFormatException">A line breaks the format; the error names it.</exception>
    public static IReadOnlyList<RecordingRegions> Read(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var recordings = new RecordingGroups<TimeRange>();
        foreach (AnnotationLine line in AnnotationLine.ReadAll(reader, name))
        {
            List<string> fields = line.Split();
            if (fields.Count != 4)
            {
                throw line.Fail($"a UEM line has 4 fields (recording, channel, start, end), and this one has {fields.Count}");
            }

            recordings.Add(AnnotationField.Unescape(fields[0]), line.FromEnds(fields[2], fields[3]));
        }

        return recordings.Select((recording, regions) => new RecordingRegions(recording, regions));
    }

    /// <summary>Writes the regions of a recording, in the order given, with times exact to the millisecond.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="recording">The id of the recording; white space in it is written as <c>%20</c> and read back as white space.</param>
    /// <param name="regions">The regions.</param>
    /// <exception cref="ArgumentException">An interval cannot be written (NaN, negative, end before start).</exception>
    public static void Write(TextWriter writer, string recording, IEnumerable<TimeRange> regions)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(regions);
        string id = AnnotationField.Escape(recording, "recording id");
        foreach (TimeRange region in regions)
        {
            (long start, long end) = AnnotationField.Milliseconds(region);
            writer.Write($"{id} 1 {AnnotationField.Seconds(start)} {AnnotationField.Seconds(end)}\n");
        }
    }
}
