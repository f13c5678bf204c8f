using System.Security.Cryptography;
using System.Text;

namespace Diarist.Cli.Batch;

/// <summary>
/// The ids of recordings that were found, not named: paths below the source without extension. Those of which two would be
/// the same get their extension, then folders above them, until all differ. Names that differ only in case count as the
/// same, because they are one file on other systems; they get a part of the hash of their paths.
/// </summary>
internal static class BatchIds
{
    private const int MostFolders = 64;
    private const int LongestId = 4096;

    /// <summary>A file with the folder that its id is relative to.</summary>
    /// <param name="Path">The full path.</param>
    /// <param name="Base">The folder, a full path.</param>
    internal sealed record FoundFile(string Path, string Base);

    /// <summary>An id for each file, all different.</summary>
    /// <param name="files">Different files.</param>
    /// <param name="taken">Ids that are given away.</param>
    /// <exception cref="UsageException">Two files cannot be told apart.</exception>
    public static string[] For(IReadOnlyList<FoundFile> files, IReadOnlyCollection<string> taken)
    {
        int[] levels = new int[files.Count];
        string[] ids = [.. files.Select(file => Candidate(file, 0)!)];
        while (true)
        {
            var owners = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
            var rivals = new HashSet<int>();
            var hashed = new HashSet<int>();
            foreach (string id in taken)
            {
                owners[Comparable(id)] = -1;
            }

            for (int i = 0; i < ids.Length; i++)
            {
                if (!owners.TryAdd(Comparable(ids[i]), i))
                {
                    int other = owners[Comparable(ids[i])];
                    bool onlyCase = other >= 0 && ids[i] != ids[other];
                    foreach (int rival in (int[])[i, other])
                    {
                        rivals.Add(rival);
                        if (onlyCase)
                        {
                            hashed.Add(rival);
                        }
                    }
                }
            }

            rivals.Remove(-1);
            if (rivals.Count == 0)
            {
                return ids;
            }

            foreach (int rival in rivals)
            {
                ids[rival] = (hashed.Contains(rival) ? Hashed(files[rival]) : Candidate(files[rival], ++levels[rival]))
                    ?? throw new UsageException($"{files[rival].Path} has the same name as another recording; give them ids in a manifest.");
            }
        }
    }

    /// <summary>Ids that are the same file somewhere: in one case and one normal form.</summary>
    internal static string Comparable(string id) => id.IsNormalized() ? id : id.Normalize();

    /// <summary>Whether an id is the path of a file below the output: no folder above it, no empty or hidden name, nothing that a terminal obeys.</summary>
    public static bool IsSafe(string id) =>
        id.Length is > 0 and <= LongestId && !id.Any(letter => char.IsControl(letter) || letter == '\\') && id.Split('/').All(part => part.Length > 0 && part != "." && part != "..") && !id.StartsWith(".diarist", StringComparison.OrdinalIgnoreCase);

    // 0: the path below the base without extension; 1: with it; then with 1, 2, … folders above the base, each without and with it.
    private static string? Candidate(FoundFile file, int level)
    {
        int above = level / 2;
        string root = file.Base;
        for (int i = 0; i < above; i++)
        {
            if (i >= MostFolders || Path.GetDirectoryName(root) is not { } parent)
            {
                return null;
            }

            root = parent;
        }

        string relative = Path.GetRelativePath(root, file.Path).Replace(Path.DirectorySeparatorChar, '/');
        return level % 2 == 1 ? relative : WithoutExtension(relative);
    }

    private static string Hashed(FoundFile file)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Path)));
        return $"{Candidate(file, 0)}~{hash[..8]}";
    }

    private static string WithoutExtension(string relative)
    {
        int name = relative.LastIndexOf('/') + 1;
        int dot = relative.LastIndexOf('.');
        return dot > name ? relative[..dot] : relative;
    }
}
