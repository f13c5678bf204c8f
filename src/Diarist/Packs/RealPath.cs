namespace Diarist.Packs;

/// <summary>Paths with every symbolic link in them followed.</summary>
internal static class RealPath
{
    private const int LinkLimit = 40;

    /// <summary>The path with all links in all its components resolved; components that do not exist are kept as they are.</summary>
    /// <exception cref="IOException">The links go in a circle.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string root = Path.GetPathRoot(full) ?? throw new ArgumentException("The path has no root.", nameof(path));
        var ahead = new Stack<string>(Components(full[root.Length..]).Reverse());
        string resolved = root;
        int links = 0;
        while (ahead.TryPop(out string? component))
        {
            string next = Path.Combine(resolved, component);
            FileSystemInfo entry = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (entry.LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > LinkLimit)
            {
                throw new IOException($"{path}: the symbolic links go in a circle.");
            }

            string there = Path.GetFullPath(target, resolved);
            root = Path.GetPathRoot(there)!;
            resolved = root;
            foreach (string part in Components(there[root.Length..]).Reverse())
            {
                ahead.Push(part);
            }
        }

        return resolved;
    }

    /// <summary>Whether a path, links followed, is inside a folder, links followed.</summary>
    public static bool IsInside(string path, string folder)
    {
        string outer = Of(folder);
        string inner = Of(path);
        return inner.StartsWith(Path.EndsInDirectorySeparator(outer) ? outer : outer + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static string[] Components(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
}
