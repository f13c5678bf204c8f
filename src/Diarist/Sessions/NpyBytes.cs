using System.Runtime.InteropServices;
using System.Text;
using Diarist.Inference;

namespace Diarist.Sessions;

/// <summary>Arrays as NumPy files (format version 1.0, little-endian, C order).</summary>
internal static class NpyBytes
{
    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    /// <summary>Writes elements.</summary>
    public static byte[] Write<TElement>(ReadOnlySpan<TElement> elements, params ReadOnlySpan<int> shape)
        where TElement : unmanaged
    {
        string sides = shape.Length == 1 ? $"{shape[0]}," : string.Join(", ", shape.ToArray());
        string header = $"{{'descr': '{Descriptor<TElement>()}', 'fortran_order': False, 'shape': ({sides}), }}";
        int length = (Magic.Length + 2 + header.Length + 1 + 63) / 64 * 64;
        header = header.PadRight(length - Magic.Length - 3) + "\n";
        ReadOnlySpan<byte> body = MemoryMarshal.AsBytes(elements);
        var bytes = new byte[checked(length + body.Length)];
        Magic.CopyTo(bytes, 0);
        bytes[Magic.Length] = (byte)header.Length;
        bytes[Magic.Length + 1] = (byte)(header.Length >> 8);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(Magic.Length + 2));
        body.CopyTo(bytes.AsSpan(length));
        return bytes;
    }

    /// <summary>Reads elements of one type.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="origin">What errors call it.</param>
    /// <param name="shape">Its shape.</param>
    /// <exception cref="InvalidDataException">The file is no array, or of another type.</exception>
    public static ReadOnlySpan<TElement> Read<TElement>(byte[] bytes, string origin, out int[] shape)
        where TElement : unmanaged
    {
        if (bytes.Length < 10 || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            throw new InvalidDataException($"{origin} is not a NumPy array of version 1.0");
        }

        int start = 10 + bytes[8] + (bytes[9] << 8);
        if (start > bytes.Length)
        {
            throw new InvalidDataException($"{origin} is cut off inside its header");
        }

        NpyHeader header;
        try
        {
            header = NpyHeader.Parse(Encoding.ASCII.GetString(bytes, 10, start - 10), origin);
        }
        catch (PackException error)
        {
            throw new InvalidDataException(error.Message, error);
        }

        ReadOnlySpan<TElement> elements = MemoryMarshal.Cast<byte, TElement>(bytes.AsSpan(start));
        if (header.ElementType != Descriptor<TElement>()[1..] || header.BigEndian || (header.FortranOrder && header.Shape.Length > 1)
            || elements.Length != header.Length || (bytes.Length - start) % Marshal.SizeOf<TElement>() != 0)
        {
            throw new InvalidDataException($"{origin} does not hold the elements that its header names");
        }

        shape = header.Shape;
        return elements;
    }

    private static string Descriptor<TElement>() => default(TElement) switch
    {
        Half => "<f2",
        float => "<f4",
        double => "<f8",
        int => "<i4",
        byte => "|u1",
        sbyte => "|i1",
        _ => throw new NotSupportedException(typeof(TElement).Name),
    };
}
