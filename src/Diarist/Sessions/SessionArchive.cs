using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Diarist.Sessions;

/// <summary>The ZIP file of a session. Corrections come last and uncompressed, so that a file that was cut off loses only its end.</summary>
internal static class SessionArchive
{
    /// <summary>The corrections.</summary>
    public const string Edits = "edits.jsonl";

    private const long LargestEntry = 1L << 30;
    private const uint LocalHeader = 0x04034b50;

    /// <summary>Writes a file whole or not at all; only its owner may read it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entries">Its entries, in order.</param>
    /// <param name="opened">What the entries were made from: where the path leads to it, it is written over only as it was.</param>
    /// <returns>The file as it is now.</returns>
    /// <exception cref="SessionChangedException">It is not as it was.</exception>
    public static SessionFile Write(string path, IEnumerable<KeyValuePair<string, byte[]>> entries, SessionFile? opened)
    {
        using FileStream? held = opened?.Hold(path);
        if (held is not null)
        {
            opened!.DeleteLeftovers();
        }

        using var file = new OutputFile(path);
        if (!OperatingSystem.IsWindows() && file.Stream is FileStream stream)
        {
            File.SetUnixFileMode(stream.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        using (var archive = new ZipArchive(file.Stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                ZipArchiveEntry entry = archive.CreateEntry(name, name is HeardArrays.Embeddings or Edits ? CompressionLevel.NoCompression : CompressionLevel.Fastest);
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream target = entry.Open();
                target.Write(bytes);
            }
        }

        if (file.Stream is FileStream whole)
        {
            whole.Flush(flushToDisk: true);
        }

        SessionFile written = SessionFile.Of(path, file.Stream);
        file.Commit();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return written;
    }

    /// <summary>Reads all entries.</summary>
    /// <param name="path">The file.</param>
    /// <param name="entries">Its entries by name.</param>
    /// <param name="file">The file as it was read.</param>
    /// <returns>Whether the file is whole; otherwise the entries before its cut are there.</returns>
    /// <exception cref="SessionFormatException">It is no ZIP file, or damaged.</exception>
    public static bool Read(string path, out Dictionary<string, byte[]> entries, out SessionFile file)
    {
        byte[] bytes;
        try
        {
            bytes = SessionFile.Read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, error is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : $"cannot be read: {error.Message}", error);
        }

        file = SessionFile.Of(path, new MemoryStream(bytes));
        entries = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                if (entry.Length > LargestEntry)
                {
                    throw new SessionFormatException(path, $"{entry.FullName} claims {entry.Length} bytes; a session has at most {LargestEntry} in one entry.");
                }

                using Stream source = entry.Open();
                entries[entry.FullName] = Take(source, entry.Length);
            }

            return true;
        }
        catch (InvalidDataException)
        {
            entries.Clear();
        }

        try
        {
            Recover(bytes, entries);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or ArgumentException)
        {
            throw new SessionFormatException(path, $"it is damaged ({error.Message}); take an earlier copy.", error);
        }

        return entries.Count > 0 ? false : throw new SessionFormatException(path, "it is not a session of Diarist, or it is cut off near its beginning; take an earlier copy.");
    }

    // Without the list at its end, the entries are found by the headers before each.
    private static void Recover(byte[] bytes, Dictionary<string, byte[]> entries)
    {
        for (int at = 0; at + 30 <= bytes.Length && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) == LocalHeader;)
        {
            ReadOnlySpan<byte> header = bytes.AsSpan(at, 30);
            int method = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
            long size = BinaryPrimitives.ReadUInt32LittleEndian(header[18..]), length = BinaryPrimitives.ReadUInt32LittleEndian(header[22..]);
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
            long start = at + 30L + nameLength + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
            if (start > bytes.Length)
            {
                return;
            }

            string name = Encoding.UTF8.GetString(bytes, at + 30, nameLength);
            if (start + size > bytes.Length)
            {
                if (name == Edits && method == 0)
                {
                    entries[name] = bytes[(int)start..];
                }

                return;
            }

            using var body = new MemoryStream(bytes, (int)start, (int)size);
            using Stream source = method == 0 ? body : new DeflateStream(body, CompressionMode.Decompress);
            entries[name] = length <= LargestEntry ? Take(source, length) : throw new InvalidDataException($"{name} claims {length} bytes");
            at = (int)(start + size);
        }
    }

    private static byte[] Take(Stream source, long length)
    {
        using var target = new MemoryStream((int)Math.Min(length, 64 << 20));
        byte[] block = new byte[1 << 16];
        for (int read; (read = source.Read(block)) > 0;)
        {
            target.Write(block, 0, read);
            if (target.Length > length)
            {
                throw new InvalidDataException("an entry is longer than it claims");
            }
        }

        return target.Length == length ? target.ToArray() : throw new InvalidDataException("an entry is shorter than it claims");
    }
}
