using Diarist.Processes;

namespace Diarist.Audio.Ffmpeg;

/// <summary>
/// A copy of a stream in a temporary folder that only its owner may read, for decoders that must seek. It goes when it
/// is disposed; where the system allows it, its name goes as soon as the decoder holds it open.
/// </summary>
internal sealed class SpooledRecording : IDisposable
{
    // A day of video; a stream that never ends must not fill the disk.
    private const long LargestCopy = 32L << 30;

    private readonly TemporaryFolder _folder;

    private SpooledRecording(TemporaryFolder folder)
    {
        _folder = folder;
        Path = folder.PathOf("recording");
    }

    /// <summary>The file. It has no extension, so nothing can be guessed from its name.</summary>
    public string Path { get; }

    /// <summary>Copies what is left of a stream.</summary>
    /// <exception cref="AudioFormatException">It is longer than 32 GiB.</exception>
    /// <exception cref="InputException">The copy cannot be written.</exception>
    public static SpooledRecording Create(ByteSource source)
    {
        var spooled = new SpooledRecording(new TemporaryFolder());
        try
        {
            using var file = new FileStream(spooled.Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            source.CopyRemainingTo(file, LargestCopy);
            return spooled;
        }
        catch (IOException error)
        {
            spooled.Dispose();
            throw new InputException(source.Name, $"could not be copied to a temporary file in {System.IO.Path.GetTempPath()}, which its format needs: {OutputFile.Reason(error)}", error);
        }
        catch
        {
            spooled.Dispose();
            throw;
        }
    }

    /// <summary>Removes the name, for a time when the decoder holds the file open; the system may refuse that.</summary>
    public void RemoveName()
    {
        if (!OperatingSystem.IsWindows())
        {
            Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _folder.Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or a program that was just stopped still holds it for a moment; the folder is temporary.
        }
    }
}
