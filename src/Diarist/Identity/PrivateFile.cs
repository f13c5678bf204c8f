using System.Security.Cryptography;

namespace Diarist.Identity;

/// <summary>Files that only their owner may read.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a file whole or not at all.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new OutputFile(path);
        if (!OperatingSystem.IsWindows() && file.Stream is FileStream stream)
        {
            File.SetUnixFileMode(stream.SafeFileHandle, OwnerOnly);
        }

        file.Stream.Write(bytes);
        file.Commit();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }
    }

    /// <summary>Reads a file of at most some length.</summary>
    /// <exception cref="VoiceStoreException">It is missing, longer, or cannot be read.</exception>
    public static byte[] Read(string path, int most)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > most)
            {
                throw new VoiceStoreException(path, $"it has {stream.Length} bytes; no file of voices has more than {most}.");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VoiceStoreException(path, "there is no such file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VoiceStoreException(path, $"it cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Overwrites a file with random bytes, has the system write them, and deletes it.</summary>
    /// <exception cref="InputException">It cannot be.</exception>
    public static void Erase(string path)
    {
        try
        {
            using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                stream.Write(RandomNumberGenerator.GetBytes(checked((int)stream.Length)));
                stream.Flush(flushToDisk: true);
            }

            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be erased: {OutputFile.Reason(error)}", error);
        }
    }
}
