using System.Security.Cryptography;

namespace Diarist.Cli.Batch;

/// <summary>SHA-256 of recordings, which may be long.</summary>
internal static class ContentHash
{
    /// <summary>The hash of a file as 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static string Compute(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] block = new byte[1 << 20];
            for (int read; (read = stream.Read(block)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(block.AsSpan(0, read));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, UndecodedPath.Missing(path), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read: {error.Message}", error);
        }
    }
}
