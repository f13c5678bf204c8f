namespace Diarist;

/// <summary>
/// A file that appears only when it is complete: it is written under another name beside its place and renamed by
/// <see cref="Commit"/>; without that it vanishes again, and what was there before stays as it was.
/// </summary>
public sealed class OutputFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly FileStream _stream;
    private bool _committed;

    /// <summary>Starts the file.</summary>
    /// <exception cref="InputException">The folder is missing or may not be written to.</exception>
    public OutputFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
        {
            throw new InputException(path, "cannot be written: it is a folder");
        }

        _temporaryPath = $"{_path}.{Guid.NewGuid():N}.part";
        try
        {
            _stream = new FileStream(_temporaryPath, FileMode.CreateNew, FileAccess.ReadWrite);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be written: {error.Message}", error);
        }
    }

    /// <summary>What is written goes here.</summary>
    public Stream Stream => _stream;

    /// <summary>Closes the file and gives it its name.</summary>
    public void Commit()
    {
        _stream.Dispose();
        File.Move(_temporaryPath, _path, overwrite: true);
        _committed = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        if (!_committed)
        {
            File.Delete(_temporaryPath);
        }
    }
}
