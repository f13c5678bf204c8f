namespace Diarist.Audio.Containers;

/// <summary>The header of an element of EBML (RFC 8794).</summary>
/// <param name="Id">What the element is, with the marker bit of its length.</param>
/// <param name="Size">Bytes of its body; <see langword="null"/> when it lasts until something follows that cannot stand within it.</param>
/// <param name="HeaderBytes">Bytes of the header itself, 2 to 12.</param>
internal readonly record struct EbmlElement(uint Id, long? Size, int HeaderBytes)
{
    /// <summary>The most bytes that a header takes.</summary>
    public const int MaxHeaderBytes = 12;

    private const int MaxIdBytes = 4;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">What begins with it; <see cref="MaxHeaderBytes"/> are always enough.</param>
    /// <param name="element">The header.</param>
    /// <returns>Whether a whole header stands there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out EbmlElement element)
    {
        element = default;
        int idBytes = LengthOf(bytes);
        if (idBytes is 0 or > MaxIdBytes || bytes.Length <= idBytes)
        {
            return false;
        }

        uint id = (uint)ReadUnsigned(bytes[..idBytes]);
        if (!TryReadNumber(bytes[idBytes..], out ulong size, out int sizeBytes))
        {
            return false;
        }

        ulong unknown = (1UL << (7 * sizeBytes)) - 1;
        element = new EbmlElement(id, size == unknown ? null : (long)size, idBytes + sizeBytes);
        return true;
    }

    /// <summary>Reads a number whose first byte tells its length in bytes (section 4 of RFC 8794).</summary>
    /// <param name="bytes">What begins with it.</param>
    /// <param name="value">The number without the marker bit, at most 2⁵⁶ − 1.</param>
    /// <param name="length">Its bytes, 1 to 8.</param>
    /// <returns>Whether a whole number stands there.</returns>
    public static bool TryReadNumber(ReadOnlySpan<byte> bytes, out ulong value, out int length)
    {
        length = LengthOf(bytes);
        value = 0;
        if (length == 0 || bytes.Length < length)
        {
            return false;
        }

        value = ReadUnsigned(bytes[..length]) & ((1UL << (7 * length)) - 1);
        return true;
    }

    /// <summary>The body of an unsigned integer: up to 8 bytes, the highest first; none are 0.</summary>
    public static ulong ReadUnsigned(ReadOnlySpan<byte> body)
    {
        ulong value = 0;
        foreach (byte next in body[..Math.Min(8, body.Length)])
        {
            value = value << 8 | next;
        }

        return value;
    }

    /// <summary>The body of a signed integer.</summary>
    public static long ReadSigned(ReadOnlySpan<byte> body)
    {
        int unused = 64 - (8 * Math.Min(8, body.Length));
        return body.IsEmpty ? 0 : (long)(ReadUnsigned(body) << unused) >> unused;
    }

    /// <summary>The body of a floating-point number: 4 or 8 bytes; other lengths are 0.</summary>
    public static double ReadFloat(ReadOnlySpan<byte> body) => body.Length switch
    {
        4 => BitConverter.UInt32BitsToSingle((uint)ReadUnsigned(body)),
        8 => BitConverter.UInt64BitsToDouble(ReadUnsigned(body)),
        _ => 0,
    };

    /// <summary>Takes the next element of a body that lies in memory.</summary>
    /// <param name="rest">What is left of the body; moves behind the element.</param>
    /// <param name="id">What the element is.</param>
    /// <param name="body">Its body.</param>
    /// <returns>Whether a whole element of known size stood there.</returns>
    public static bool TryTake(ref ReadOnlySpan<byte> rest, out uint id, out ReadOnlySpan<byte> body)
    {
        id = 0;
        body = default;
        if (!TryRead(rest, out EbmlElement element) || element.Size is not long size || size > rest.Length - element.HeaderBytes)
        {
            return false;
        }

        id = element.Id;
        body = rest.Slice(element.HeaderBytes, (int)size);
        rest = rest[(element.HeaderBytes + (int)size)..];
        return true;
    }

    // The zeros in front of the highest bit that is set tell how many bytes follow.
    private static int LengthOf(ReadOnlySpan<byte> bytes) => bytes.IsEmpty || bytes[0] == 0 ? 0 : byte.LeadingZeroCount(bytes[0]) + 1;
}
