using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Diarist.Inference.Kernels;

namespace Diarist.Sessions;

/// <summary>The ZIP file of a session. Corrections come last and uncompressed, so that a file that was cut off loses only its end.</summary>
internal static class SessionArchive
{
    /// <summary>The corrections.</summary>
    public const string Edits = "edits.jsonl";

    private const long LargestEntry = 1L << 30;
    private const long FirstBytes = 64L << 20;
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
        try
        {
            using FileStream opened = SessionFile.Open(path);
            if (opened.CanSeek)
            {
                return Read(path, opened, out entries, out file);
            }

            // A pipe.
            using var bytes = new MemoryStream();
            opened.CopyTo(bytes);
            return Read(path, bytes, out entries, out file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, error is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : $"cannot be read: {error.Message}", error);
        }
    }

    private static bool Read(string path, Stream stream, out Dictionary<string, byte[]> entries, out SessionFile file)
    {
        file = SessionFile.Of(path, stream);
        entries = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        try
        {
            stream.Position = 0;
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
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
            byte[] bytes = new byte[stream.Length];
            stream.Position = 0;
            stream.ReadExactly(bytes);
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

    // A length that is only claimed takes no memory before as many bytes came.
    private static byte[] Take(Stream source, long length)
    {
        byte[] bytes = LargePages.Unset<byte>((int)Math.Min(length, FirstBytes));
        int count = 0;
        for (int read; (read = source.Read(bytes, count, bytes.Length - count)) > 0;)
        {
            count += read;
            if (count == bytes.Length && count < length)
            {
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * count));
            }
        }

        return count < length ? throw new InvalidDataException("an entry is shorter than it claims")
            : source.ReadByte() >= 0 ? throw new InvalidDataException("an entry is longer than it claims")
            : bytes;
    }
}
