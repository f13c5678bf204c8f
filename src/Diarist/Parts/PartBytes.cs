using System.IO.Compression;
using System.Text;

namespace Diarist.Parts;

/// <summary>The bytes of a part: its kind and version, then its members, compressed.</summary>
internal static class PartBytes
{
    /// <summary>Writes a part.</summary>
    public static byte[] Write(string magic, Action<BinaryWriter> members)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(new DeflateStream(bytes, CompressionLevel.Fastest, leaveOpen: true), Encoding.UTF8))
        {
            writer.Write(magic);
            members(writer);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads a part to its end.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another kind or version.</exception>
    public static T Read<T>(byte[] bytes, string magic, Func<BinaryReader, T> members)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        try
        {
            using var reader = new BinaryReader(new DeflateStream(new MemoryStream(bytes), CompressionMode.Decompress), Encoding.UTF8);
            if (reader.ReadString() != magic)
            {
                throw new InvalidDataException($"a part is not of the kind {magic}");
            }

            T part = members(reader);
            return reader.Read() < 0 ? part : throw new InvalidDataException("a part goes on after its end");
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or DecoderFallbackException)
        {
            throw new InvalidDataException("a part is cut off or damaged", error);
        }
    }

    /// <summary>Reads a number within bounds.</summary>
    public static int Count(BinaryReader reader, int least, int most)
    {
        int count = reader.ReadInt32();
        return count >= least && count <= most ? count : throw new InvalidDataException("a part holds a number that is out of range");
    }
}
