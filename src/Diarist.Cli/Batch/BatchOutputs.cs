namespace Diarist.Cli.Batch;

/// <summary>The places of a batch's results, before any work is done.</summary>
internal static class BatchOutputs
{
    /// <summary>Requires that no result is written over another, over a recording or over a source, or needs a folder where another is a file.</summary>
    /// <exception cref="UsageException">One is.</exception>
    public static void Check(IReadOnlyList<BatchRecording> recordings, IReadOnlyList<OutputFormat> formats, BatchFolder folder, IReadOnlyList<string> sources)
    {
        IReadOnlyList<OutputFormat> distinct = OutputFormats.Distinct(formats);
        Dictionary<string, string> read = new(StringComparer.OrdinalIgnoreCase);
        foreach (string path in recordings.Select(recording => recording.Path).Concat(sources.Select(Path.GetFullPath)))
        {
            read.TryAdd(path, path);
        }

        var outputs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (BatchRecording recording in recordings)
        {
            foreach (OutputFormat format in distinct)
            {
                string output = BatchFolder.OutputOf(recording.Id, format);
                if (read.TryGetValue(folder.PathOf(output), out string? source) && File.Exists(source))
                {
                    throw new UsageException($"{folder.PathOf(output)} would be written over {source}, which is read; name another --output.");
                }

                if (!outputs.TryAdd(BatchIds.Comparable(output), recording.Id))
                {
                    throw new UsageException($"{recording.Id} and {outputs[BatchIds.Comparable(output)]} would have the same result, {output}.");
                }
            }
        }

        foreach (BatchRecording recording in recordings)
        {
            for (int slash = recording.Id.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = recording.Id.IndexOf('/', slash + 1))
            {
                if (outputs.TryGetValue(BatchIds.Comparable(recording.Id[..slash]), out string? file))
                {
                    throw new UsageException($"{recording.Id} needs a folder where {file} has a result; give them ids in a manifest.");
                }
            }
        }
    }
}
