using System.Security.Cryptography;

namespace Diarist.Packs;

/// <summary>SHA-256 of files.</summary>
/// <remarks>
/// Files are hashed in every process that uses them. Remembering hashes by path, length and times would save some 20 ms for all default packs
/// together, and would miss a copy made with its old times and a disk that forgets.
/// </remarks>
internal static class FileHash
{
    /// <summary>The SHA-256 of a file's content as 64 lower-case hexadecimal digits.</summary>
    public static string Compute(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
