using System.Buffers.Binary;
using Diarist.Audio.Containers;

namespace Diarist.Tests.Audio;

/// <summary>Writes and reads pages of Ogg for tests.</summary>
internal static class OggPages
{
    /// <summary>A first page of a logical stream, with one packet of less than 255 bytes.</summary>
    public static byte[] First(byte[] packet) => Sign([.. "OggS"u8, 0, 2, .. new byte[8], 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte)packet.Length, .. packet]);

    /// <summary>The packets of a recording of one logical stream, which go on from page to page.</summary>
    public static IEnumerable<byte[]> Packets(byte[] recording)
    {
        var packet = new List<byte>();
        for (int page = 0; page < recording.Length;)
        {
            int segments = recording[page + 26], at = page + 27 + segments;
            for (int i = 0; i < segments; i++)
            {
                int size = recording[page + 27 + i];
                packet.AddRange(recording.AsSpan(at, size));
                at += size;
                if (size < 255)
                {
                    yield return [.. packet];
                    packet.Clear();
                }
            }

            page = at;
        }
    }

    /// <summary>Puts the right checksum into a page; other bytes stay.</summary>
    public static byte[] Sign(byte[] page)
    {
        page.AsSpan(22, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), OggCrc.Add(0, page));
        return page;
    }
}
