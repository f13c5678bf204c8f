using Diarist.Processes;

namespace Diarist.Cli;

/// <summary>An input as a file that can be read several times: itself, or a private temporary copy of a pipe, which is gone when disposed.</summary>
internal sealed class RereadableFile : IDisposable
{
    // A day of video.
    private const long LargestCopy = 32L << 30;

    private readonly TemporaryFolder? _folder;

    private RereadableFile(string path, TemporaryFolder? folder) => (Path, _folder) = (path, folder);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Whether an input is standard input or a file that does not seek; what is missing counts as an ordinary file.</summary>
    public static bool IsReadOnce(string input)
    {
        if (input == StandardInput.Argument)
        {
            return true;
        }

        // Opening a pipe would take its writer.
        return FileIdentity.IsSpecial(input);
    }

    /// <summary>The file, or the copy.</summary>
    /// <exception cref="InputException">The copy cannot be made.</exception>
    public static RereadableFile Create(string input, CancellationToken cancellationToken)
    {
        if (!IsReadOnce(input))
        {
            return new RereadableFile(input, null);
        }

        try
        {
            return Write("recording", target => Copy(input, target, cancellationToken));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(input, $"could not be copied to a temporary file: {error.Message}", error);
        }
    }

    /// <summary>A private temporary file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="write">Writes it under the path that it is given.</param>
    public static RereadableFile Write(string name, Action<string> write)
    {
        var folder = new TemporaryFolder();
        var file = new RereadableFile(folder.PathOf(name), folder);
        try
        {
            write(file.Path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder?.Dispose();

    private static void Copy(string input, string path, CancellationToken cancellationToken)
    {
        using Stream source = input == StandardInput.Argument ? StandardInput.Open() : File.OpenRead(input);
        using FileStream target = new(path, FileMode.CreateNew, FileAccess.Write);
        byte[] block = new byte[1 << 16];
        for (int read; (read = source.Read(block)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            target.Write(block, 0, read);
            if (target.Length > LargestCopy)
            {
                throw new InputException(input, $"is longer than {LargestCopy >> 30} GiB; write it to a file first");
            }
        }
    }
}
