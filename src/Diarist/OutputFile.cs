using Diarist.Processes;

namespace Diarist;

/// <summary>
/// A file that appears only when it is complete: it is written under another name beside its place and renamed by
/// <see cref="Commit"/>; without that it vanishes again, and what was there before stays as it was. Links are followed: the file that
/// they lead to is replaced, and they stay. A device, a FIFO or a socket is never replaced: it is written to.
/// </summary>
public sealed class OutputFile : IDisposable
{
    private readonly string _name;
    private readonly string _path;
    private readonly string? _temporaryPath;
    private readonly FileStream _stream;
    private bool _committed;

    /// <summary>Starts the file.</summary>
    /// <exception cref="InputException">The folder is missing or may not be written to.</exception>
    public OutputFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _name = path;
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new InputException(path.Replace('\0', '?'), "cannot be written: a path holds no NUL");
        }

        if (Directory.Exists(path))
        {
            throw new InputException(path, "cannot be written: it is a folder");
        }

        try
        {
            if (FileIdentity.IsSpecial(path))
            {
                _path = path;
                _stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                return;
            }

            _path = FileIdentity.FinalPath(path);
            _temporaryPath = $"{_path}.{Guid.NewGuid():N}.part";
            _stream = new FileStream(_temporaryPath, FileMode.CreateNew, FileAccess.ReadWrite);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Failure(error);
        }

        HostShutdown.AddFiles(this, Delete);
    }

    /// <summary>The pattern of the names under which a file is written before it is complete.</summary>
    internal static string PartOf(string name) => $"{name}.{new string('?', 32)}.part";

    /// <summary>What is written goes here.</summary>
    public Stream Stream => _stream;

    /// <summary>Closes the file and gives it its name.</summary>
    /// <exception cref="InputException">The rest could not be written, for instance because the disk is full.</exception>
    public void Commit()
    {
        try
        {
            _stream.Dispose();
            if (_temporaryPath is not null)
            {
                KeepMode();
                File.Move(_temporaryPath, _path, overwrite: true);
            }

            _committed = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException) // the last: .NET's name for a file that may not grow
        {
            throw Failure(error);
        }
    }

    /// <summary>Why a file cannot be written, in words that name no file.</summary>
    /// <param name="error">What the system reports.</param>
    public static string Reason(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        // ENOSPC, EDQUOT, EFBIG, EROFS, EPIPE on Unix; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.
        return error switch
        {
            DirectoryNotFoundException => "there is no such folder",
            UnauthorizedAccessException => "this user may not write there",
            PathTooLongException => "the path is too long",
            { HResult: 28 or 122 or 69 or unchecked((int)0x80070070) or unchecked((int)0x80070027) } => "the disk is full",
            { HResult: 27 } or ArgumentOutOfRangeException => "the file would be larger than the system permits",
            { HResult: 30 } => "the disk can only be read",
            { HResult: 32 } => "nobody reads it any more",
            _ => error.Message,
        };
    }

    /// <summary>Deletes the file unless it was committed.</summary>
    public void Dispose()
    {
        HostShutdown.Remove(this);
        try
        {
            _stream.Dispose();
        }
        catch (Exception error) when (!_committed && error is IOException or ArgumentOutOfRangeException)
        {
            // What could not be written is not wanted either; the error that led here is the one to report.
        }
        finally
        {
            Delete();
        }
    }

    private void Delete()
    {
        if (!_committed && _temporaryPath is not null)
        {
            File.Delete(_temporaryPath);
        }
    }

    private InputException Failure(Exception error) => new(_name, $"cannot be written: {Rename(Reason(error))}", error);

    // The user knows the file by its own name only.
    private string Rename(string reason) => _temporaryPath is null ? reason : reason.Replace(_temporaryPath, _name, StringComparison.Ordinal);

    private void KeepMode()
    {
        if (!OperatingSystem.IsWindows() && File.Exists(_path))
        {
            File.SetUnixFileMode(_temporaryPath!, File.GetUnixFileMode(_path));
        }
    }
}
