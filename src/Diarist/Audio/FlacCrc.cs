namespace Diarist.Audio;

/// <summary>The two checksums of a FLAC frame (RFC 9639, section 9.1.8 and 9.3): most significant bit first, starting from 0.</summary>
internal static class FlacCrc
{
    private const int Slices = 8;
    private static readonly byte[] Table8 = MakeTable8();
    private static readonly ushort[] Table16 = MakeTable16();

    /// <summary>CRC-8 with the polynomial x⁸ + x² + x + 1, over a frame header.</summary>
    public static byte Crc8(ReadOnlySpan<byte> bytes)
    {
        byte crc = 0;
        foreach (byte value in bytes)
        {
            crc = Table8[crc ^ value];
        }

        return crc;
    }

    /// <summary>CRC-16 with the polynomial x¹⁶ + x¹⁵ + x² + 1, over a frame.</summary>
    public static ushort Crc16(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0;
        ushort[] table = Table16;

        // Table k holds the checksum of a byte followed by k zero bytes, so eight bytes are looked up independently.
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            crc = (uint)(table[(7 * 256) + (bytes[0] ^ (crc >> 8))] ^ table[(6 * 256) + (bytes[1] ^ (crc & 0xFF))]
                ^ table[(5 * 256) + bytes[2]] ^ table[(4 * 256) + bytes[3]]
                ^ table[(3 * 256) + bytes[4]] ^ table[(2 * 256) + bytes[5]]
                ^ table[256 + bytes[6]] ^ table[bytes[7]]);
        }

        foreach (byte value in bytes)
        {
            crc = ((crc << 8) & 0xFFFF) ^ table[(crc >> 8) ^ value];
        }

        return (ushort)crc;
    }

    private static byte[] MakeTable8()
    {
        var table = new byte[256];
        for (int i = 0; i < table.Length; i++)
        {
            int crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80) != 0 ? (crc << 1) ^ 0x107 : crc << 1;
            }

            table[i] = (byte)crc;
        }

        return table;
    }

    private static ushort[] MakeTable16()
    {
        var table = new ushort[Slices * 256];
        for (int i = 0; i < 256; i++)
        {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x18005 : crc << 1;
            }

            table[i] = (ushort)crc;
        }

        for (int i = 256; i < table.Length; i++)
        {
            ushort previous = table[i - 256];
            table[i] = (ushort)((previous << 8) ^ table[previous >> 8]);
        }

        return table;
    }
}
