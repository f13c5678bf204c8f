namespace Diarist.Audio.Containers;

/// <summary>The checksum of Ogg pages: CRC-32 with polynomial 0x04C11DB7, most significant bit first, from 0 (RFC 3533).</summary>
internal static class OggCrc
{
    private const int Tables = 8;

    // Table k holds what a byte does that is k bytes away from the end.
    private static readonly uint[] Table = MakeTables();

    /// <summary>Goes on with a checksum.</summary>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint[] table = Table;
        for (; bytes.Length >= Tables; bytes = bytes[Tables..])
        {
            crc ^= (uint)bytes[0] << 24 | (uint)bytes[1] << 16 | (uint)bytes[2] << 8 | bytes[3];
            crc = table[(7 * 256) + (int)(crc >> 24)] ^ table[(6 * 256) + (int)(crc >> 16 & 0xFF)] ^ table[(5 * 256) + (int)(crc >> 8 & 0xFF)] ^ table[(4 * 256) + (int)(crc & 0xFF)]
                ^ table[(3 * 256) + bytes[4]] ^ table[(2 * 256) + bytes[5]] ^ table[256 + bytes[6]] ^ table[bytes[7]];
        }

        foreach (byte value in bytes)
        {
            crc = crc << 8 ^ table[(int)(crc >> 24) ^ value];
        }

        return crc;
    }

    private static uint[] MakeTables()
    {
        const uint Polynomial = 0x04C1_1DB7;
        var table = new uint[Tables * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i << 24;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000_0000) != 0 ? crc << 1 ^ Polynomial : crc << 1;
            }

            table[i] = crc;
        }

        for (int i = 256; i < table.Length; i++)
        {
            uint crc = table[i - 256];
            table[i] = crc << 8 ^ table[crc >> 24];
        }

        return table;
    }
}
