using Diarist.Processes;

namespace Diarist.Cli.Batch;

/// <summary>What the sources of a batch name: files, folders, patterns and manifests, as recordings with ids of their own.</summary>
internal static class BatchSources
{
    private const int MostRecordings = 10_000_000;

    /// <summary>The recordings in the order of their ids, each once.</summary>
    /// <param name="sources">The sources as given.</param>
    /// <exception cref="InputException">A source is not there or cannot be read.</exception>
    /// <exception cref="UsageException">A source names no recording, or two recordings would have one id.</exception>
    public static IReadOnlyList<BatchRecording> Read(IReadOnlyList<string> sources)
    {
        var named = new List<BatchRecording>();
        var found = new List<BatchIds.FoundFile>();
        foreach (string source in sources)
        {
            if (source == StandardInput.Argument)
            {
                throw new UsageException("batch reads no recording from standard input; `diarist diarize -` does.");
            }

            if (Directory.Exists(source))
            {
                found.AddRange(InFolder(source));
            }
            else if (!File.Exists(source) && source.AsSpan().IndexOfAny('*', '?') >= 0)
            {
                found.AddRange(Matching(source));
            }
            else if (Path.GetExtension(source) is ".jsonl" or ".ndjson" or ".json")
            {
                string root = Path.GetDirectoryName(Path.GetFullPath(source))!;
                named.AddRange(BatchManifest.Read(source).Select(recording => recording with { Root = root }));
            }
            else
            {
                string path = File.Exists(source) ? Path.GetFullPath(source) : throw new InputException(source, "there is no such file or folder");
                found.Add(new BatchIds.FoundFile(path, Path.GetDirectoryName(path)!));
            }

            if (found.Count + named.Count > MostRecordings)
            {
                throw new UsageException($"the sources name more than {MostRecordings} recordings; give them in parts.");
            }
        }

        // Lines of a manifest without an id get theirs as files do.
        found.AddRange(named.Where(recording => recording.Id.Length == 0).Select(recording => new BatchIds.FoundFile(recording.Path, Path.GetDirectoryName(recording.Path)!)));
        Dictionary<string, BatchRecording> options = named.Where(recording => recording.Id.Length == 0).GroupBy(recording => recording.Path, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => group.Distinct().Count() == 1 ? group.First() : throw new UsageException($"{group.Key} is in the manifest several times with different options; give the lines ids."),
            StringComparer.Ordinal);
        BatchRecording[] given = [.. named.Where(recording => recording.Id.Length > 0)];
        CheckGiven(given);
        BatchIds.FoundFile[] files = [.. found.DistinctBy(file => file.Path, StringComparer.Ordinal)];
        string[] ids = BatchIds.For(files, [.. given.Select(recording => recording.Id)]);
        BatchRecording[] all = [.. given, .. files.Zip(ids, (file, id) => options.TryGetValue(file.Path, out BatchRecording? line) ? line with { Id = id } : new BatchRecording(id, file.Path) { Root = file.Base })];
        Array.Sort(all, (one, other) => string.CompareOrdinal(one.Id, other.Id));
        return all;
    }

    private static void CheckGiven(BatchRecording[] given)
    {
        var taken = new Dictionary<string, BatchRecording>(StringComparer.OrdinalIgnoreCase);
        foreach (BatchRecording recording in given)
        {
            if (!taken.TryAdd(BatchIds.Comparable(recording.Id), recording))
            {
                throw new UsageException($"the id {recording.Id} is given twice (or differs in case only), for {taken[BatchIds.Comparable(recording.Id)].Path} and {recording.Path}.");
            }
        }
    }

    private static List<BatchIds.FoundFile> InFolder(string folder)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string[] files = [.. FilesBelow(root)];
        List<BatchIds.FoundFile> recordings = [.. files.Where(file => RecordingNames.HasExtension(file)).Select(file => new BatchIds.FoundFile(file, root))];
        if (recordings.Count == 0)
        {
            throw new UsageException($"{folder} holds no recording: none of its {files.Length} files has the extension of audio or video.");
        }

        if (files.Length > recordings.Count)
        {
            Messages.Detail($"{folder}: {files.Length - recordings.Count} files without the extension of audio or video are left out");
        }

        return recordings;
    }

    private static List<BatchIds.FoundFile> Matching(string pattern)
    {
        string[] parts = pattern.Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        int plain = Array.FindIndex(parts, part => part.AsSpan().IndexOfAny('*', '?') >= 0);
        string start = (pattern.StartsWith('/') ? "/" : "") + string.Join('/', parts[..plain]);
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(start.Length == 0 ? "." : start));
        if (!Directory.Exists(root))
        {
            throw new InputException(pattern, $"there is no folder {root}");
        }

        List<BatchIds.FoundFile> files = [.. FilesBelow(root)
            .Where(file => GlobPattern.Matches(parts.AsSpan(plain), Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)))
            .Select(file => new BatchIds.FoundFile(file, root))];
        return files.Count > 0 ? files : throw new UsageException($"no file matches {pattern}.");
    }

    // Links to folders are followed, each folder once; hidden folders, this tool's own among them, are not entered.
    private static IEnumerable<string> FilesBelow(string root)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>([root]);
        while (waiting.TryPop(out string? folder))
        {
            if (!visited.Add(FileIdentity.FinalPath(folder)))
            {
                continue;
            }

            string[] files, folders;
            try
            {
                (files, folders) = (Directory.GetFiles(folder), Directory.GetDirectories(folder));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new InputException(folder, $"cannot be read: {error.Message}", error);
            }

            foreach (string file in files.Where(file => !Path.GetFileName(file).StartsWith('.')))
            {
                yield return file;
            }

            foreach (string inner in folders.Where(inner => !Path.GetFileName(inner).StartsWith('.')))
            {
                waiting.Push(inner);
            }
        }
    }
}
