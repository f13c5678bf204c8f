using System.IO.MemoryMappedFiles;

namespace Diarist.Inference;

/// <summary>
/// A file in memory that the system reads page by page when it is looked at, and may forget again: nothing of it is copied.
/// The bytes stay where they are until the object is collected; whoever holds a pointer keeps the object too.
/// </summary>
internal sealed unsafe class MappedFile
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private MappedFile(string path, MemoryMappedFile file, MemoryMappedViewAccessor view, long length)
    {
        Path = path;
        Length = length;
        _file = file;
        _view = view;
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Start = start + view.PointerOffset;
    }

    ~MappedFile()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    /// <summary>The path that errors name.</summary>
    public string Path { get; }

    /// <summary>The first byte.</summary>
    public byte* Start { get; }

    /// <summary>The number of bytes.</summary>
    public long Length { get; }

    /// <summary>Maps a whole file for reading.</summary>
    /// <exception cref="PackException">The file is missing, empty or unreadable.</exception>
    public static MappedFile Open(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            long length = stream.Length;
            if (length == 0)
            {
                throw new PackException($"{path}: the file is empty; it is truncated or damaged.");
            }

            MemoryMappedFile file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return new MappedFile(path, file, file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read), length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new PackException($"{path}: cannot be read ({error.Message.ReplaceLineEndings(" ")})", error);
        }
    }
}
