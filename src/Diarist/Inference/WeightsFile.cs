namespace Diarist.Inference;

/// <summary>Reads whole weights files; what the file system refuses becomes a <see cref="PackException"/> that names the file.</summary>
internal static class WeightsFile
{
    /// <summary>The largest file that is read: every network here is far smaller.</summary>
    private const long MaximumLength = 1L << 30;

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="PackException">The file is missing, unreadable or larger than 1 GiB.</exception>
    public static byte[] ReadAllBytes(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > MaximumLength)
            {
                throw new PackException($"{path}: {info.Length} bytes are more than the 1 GiB that a weights file may have.");
            }

            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new PackException($"{path}: cannot be read ({error.Message.ReplaceLineEndings(" ")})", error);
        }
    }
}
