using System.Buffers.Binary;
using Diarist.Audio.Containers;

namespace Diarist.Tests.Audio;

/// <summary>Writes pages of Ogg for tests.</summary>
internal static class OggPages
{
    /// <summary>A first page of a logical stream, with one packet of less than 255 bytes.</summary>
    public static byte[] First(byte[] packet) => Sign([.. "OggS"u8, 0, 2, .. new byte[8], 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte)packet.Length, .. packet]);

    /// <summary>Puts the right checksum into a page; other bytes stay.</summary>
    public static byte[] Sign(byte[] page)
    {
        page.AsSpan(22, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), OggCrc.Add(0, page));
        return page;
    }
}
