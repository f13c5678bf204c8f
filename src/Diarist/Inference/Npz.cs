using System.Buffers;
using System.IO.Compression;

namespace Diarist.Inference;

/// <summary>NumPy arrays by name, as <c>numpy.savez</c> and <c>savez_compressed</c> write them: a zip archive of <c>.npy</c> files, stored or deflated.</summary>
internal sealed class Npz
{
    private const string Extension = ".npy";
    private const int BlockBytes = 1 << 16;

    // The largest array of any pack has a hundredth of this.
    private const long LargestArray = 256L << 20;

    private readonly string _path;
    private readonly Dictionary<string, NpyArray> _arrays;

    private Npz(string path, Dictionary<string, NpyArray> arrays)
    {
        _path = path;
        _arrays = arrays;
    }

    /// <summary>The file, as errors name it.</summary>
    public string Origin => _path;

    /// <summary>The names of the arrays.</summary>
    public IReadOnlyCollection<string> Names => _arrays.Keys;

    /// <summary>Reads every array of an archive.</summary>
    /// <exception cref="PackException">The file is missing or damaged, or holds an array of a kind that is not read here; the message names the file and the array.</exception>
    public static Npz Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Read(stream, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, error);
        }
    }

    /// <summary>Reads every array of an archive in memory.</summary>
    /// <param name="bytes">The whole archive.</param>
    /// <param name="origin">What errors name.</param>
    /// <exception cref="PackException">The archive is damaged, or holds an array of a kind that is not read here.</exception>
    public static unsafe Npz Read(ReadOnlyMemory<byte> bytes, string origin)
    {
        using MemoryHandle pinned = bytes.Pin();
        using var stream = new UnmanagedMemoryStream((byte*)pinned.Pointer, bytes.Length);
        return Read(stream, origin);
    }

    private static Npz Read(Stream stream, string path)
    {
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => entry.FullName.EndsWith(Extension, StringComparison.Ordinal)))
            {
                string name = entry.FullName[..^Extension.Length];
                arrays[name] = NpyArray.Parse(ReadEntry(entry), $"{path}, array {name}");
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            throw Unreadable(path, error);
        }

        return new Npz(path, arrays);
    }

    private static PackException Unreadable(string path, Exception error) => new($"{path}: not a readable archive of NumPy arrays ({error.Message}).", error);

    /// <summary>The array of a name.</summary>
    /// <exception cref="PackException">There is none.</exception>
    public NpyArray this[string name] => _arrays.TryGetValue(name, out NpyArray? array)
        ? array
        : throw new PackException($"{_path}: has no array {name} (it has {string.Join(", ", _arrays.Keys)}); the file is for something else.");

    /// <summary>The array of a name, when it has the shape that a caller relies on.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">The length of every axis; −1 allows any.</param>
    /// <exception cref="PackException">There is none, or its shape is another.</exception>
    public NpyArray Get(string name, params ReadOnlySpan<int> shape) => this[name].Require(shape);

    private static byte[] ReadEntry(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();

        // The archive may promise any length; memory follows what is really there.
        using var memory = new MemoryStream();
        byte[] block = new byte[BlockBytes];
        for (int read; (read = stream.Read(block)) > 0;)
        {
            if (memory.Length + read > LargestArray)
            {
                throw new InvalidDataException($"{entry.FullName} is larger than {LargestArray >> 20} MiB");
            }

            memory.Write(block, 0, read);
        }

        return memory.ToArray();
    }
}
