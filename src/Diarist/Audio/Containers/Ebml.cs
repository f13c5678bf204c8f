using System.Numerics;
using System.Text;

namespace Diarist.Audio.Containers;

/// <summary>The header of an EBML element (RFC 8794).</summary>
/// <param name="Id">Its identifier, with the marker bit.</param>
/// <param name="Size">Bytes of its content; −1 when it does not say.</param>
/// <param name="HeaderBytes">Bytes of identifier and size.</param>
internal readonly record struct EbmlElement(uint Id, long Size, int HeaderBytes)
{
    /// <summary>The most bytes that a header takes.</summary>
    public const int MaxHeaderBytes = 12;

    /// <summary>Reads a header from the start of <paramref name="bytes"/>.</summary>
    /// <returns>Whether there is a whole and valid one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out EbmlElement element)
    {
        element = default;
        int idBytes = bytes.IsEmpty ? 0 : Ebml.LengthOf(bytes[0]);
        if (idBytes is 0 or > 4 || bytes.Length <= idBytes || !Ebml.TryReadNumber(bytes[idBytes..], out long size, out int sizeBytes))
        {
            return false;
        }

        element = new EbmlElement((uint)Ebml.ReadUnsigned(bytes[..idBytes]), size, idBytes + sizeBytes);
        return true;
    }
}

/// <summary>Numbers and texts of EBML (RFC 8794).</summary>
internal static class Ebml
{
    /// <summary>The bytes of a number of variable length, by its first byte; 9 when that is 0.</summary>
    public static int LengthOf(byte first) => BitOperations.LeadingZeroCount((uint)first << 24 | 0x80_0000) + 1;

    /// <summary>Reads a number of variable length.</summary>
    /// <param name="bytes">What begins with it.</param>
    /// <param name="value">The number; −1 when all its bits are set, which means unknown.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>Whether it is there and valid.</returns>
    public static bool TryReadNumber(ReadOnlySpan<byte> bytes, out long value, out int length)
    {
        (value, length) = (0, bytes.IsEmpty ? 9 : LengthOf(bytes[0]));
        if (length > 8 || bytes.Length < length)
        {
            return false;
        }

        long mask = (1L << (7 * length)) - 1;
        value = (long)ReadUnsigned(bytes[..length]) & mask;
        value = value == mask ? -1 : value;
        return true;
    }

    /// <summary>An unsigned number of 0 to 8 bytes; of more, the last 8 count.</summary>
    public static ulong ReadUnsigned(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        foreach (byte part in bytes)
        {
            value = value << 8 | part;
        }

        return value;
    }

    /// <summary>A signed number of 0 to 8 bytes.</summary>
    public static long ReadSigned(ReadOnlySpan<byte> bytes)
    {
        int unused = 64 - (8 * Math.Min(8, bytes.Length));
        return unused == 64 ? 0 : (long)(ReadUnsigned(bytes) << unused) >> unused;
    }

    /// <summary>A text, which zeros may follow.</summary>
    public static string ReadText(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes).TrimEnd('\0');

    /// <summary>Takes the next child of an element that is read whole.</summary>
    /// <param name="rest">What is left of the element; moved behind the child.</param>
    /// <param name="id">The child's identifier.</param>
    /// <param name="content">Its content.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidDataException">What is left is no element.</exception>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> rest, out uint id, out ReadOnlySpan<byte> content)
    {
        id = 0;
        content = default;
        if (rest.IsEmpty)
        {
            return false;
        }

        if (!EbmlElement.TryRead(rest, out EbmlElement element) || element.Size < 0 || element.Size > rest.Length - element.HeaderBytes)
        {
            throw new InvalidDataException("an element does not end within the one that holds it");
        }

        id = element.Id;
        content = rest.Slice(element.HeaderBytes, (int)element.Size);
        rest = rest[(element.HeaderBytes + (int)element.Size)..];
        return true;
    }
}
