using System.Buffers.Binary;
using Diarist.Audio.Containers;

namespace Diarist.Fuzz;

/// <summary>Pages of Ogg in bytes that may be anything.</summary>
internal static class OggPages
{
    private const int HeaderBytes = 27, ChecksumOffset = 22, CountOffset = 26;

    /// <summary>Gives every whole page its checksum, which would otherwise keep nearly all damage away from the decoders.</summary>
    public static void Sign(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length && bytes.AsSpan(at).IndexOf("OggS"u8) is int found and >= 0;)
        {
            at += found;
            Span<byte> page = bytes.AsSpan(at);
            int length = HeaderBytes;
            if (page.Length > CountOffset && page.Length >= HeaderBytes + page[CountOffset])
            {
                length += page[CountOffset];
                foreach (byte lace in page[HeaderBytes..length])
                {
                    length += lace;
                }
            }

            if (page.Length >= length && page.Length > CountOffset)
            {
                page.Slice(ChecksumOffset, sizeof(uint)).Clear();
                BinaryPrimitives.WriteUInt32LittleEndian(page[ChecksumOffset..], OggCrc.Add(0, page[..length]));
            }

            at += "OggS"u8.Length;
        }
    }
}
