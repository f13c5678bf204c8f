namespace Diarist.Cli;

/// <summary>
/// The names that recordings have in RTTM and its like: file names without extension. Where two would have one name,
/// as much of their paths as tells them apart is added; white space becomes an underscore, or stays where that would
/// make two names one (formats that cannot hold it write %20).
/// </summary>
internal static class RecordingIds
{
    /// <summary>A name for each input; different inputs have different names.</summary>
    public static IReadOnlyList<string> For(IReadOnlyList<string> inputs)
    {
        string[] ids = [.. inputs.Select(OutputTarget.RecordingId)];
        string[] paths = [.. inputs.Select(PathOf)];
        for (int i = 0; i < ids.Length; i++)
        {
            int[] rivals = [.. Enumerable.Range(0, ids.Length).Where(other => paths[other] != paths[i] && OutputTarget.RecordingId(inputs[other]) == OutputTarget.RecordingId(inputs[i]))];
            if (rivals.Length > 0 && inputs[i] != StandardInput.Argument)
            {
                ids[i] = Distinguish(paths[i], [.. rivals.Select(other => paths[other])]);
            }
        }

        return ids;
    }

    /// <summary>The inputs without those that were named before: one file is one recording, however often and in whatever way it is named.</summary>
    public static string[] Once(IReadOnlyList<string> inputs) => [.. inputs.DistinctBy(PathOf, StringComparer.Ordinal)];

    private static string PathOf(string input) => input == StandardInput.Argument ? input : Path.GetFullPath(input);

    // The stem with ever more folders before it; at last the file name with its extension.
    private static string Distinguish(string path, string[] rivals)
    {
        string[] parts = path.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        foreach (bool extension in (bool[])[false, true])
        {
            for (int depth = 1; depth <= parts.Length; depth++)
            {
                string id = Tail(path, depth, extension);
                if (id.Length > 0 && !rivals.Any(rival => Tail(rival, depth, extension) == id))
                {
                    return id;
                }
            }
        }

        return Tail(path, parts.Length, extension: true);
    }

    private static string Tail(string path, int depth, bool extension)
    {
        string[] parts = path.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        string[] tail = parts[^Math.Min(depth, parts.Length)..];
        tail[^1] = extension ? tail[^1] : Path.GetFileNameWithoutExtension(tail[^1]);
        return string.Join('/', tail);
    }
}
