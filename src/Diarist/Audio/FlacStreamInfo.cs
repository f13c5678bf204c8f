using System.Buffers.Binary;

namespace Diarist.Audio;

/// <summary>The STREAMINFO block of a FLAC file (RFC 9639, section 8.2).</summary>
/// <param name="MaxBlockSize">The most samples per channel in one frame.</param>
/// <param name="MaxFrameBytes">The most bytes in one frame; 0 when unknown.</param>
/// <param name="SampleRate">Samples per second and channel.</param>
/// <param name="Channels">1 to 8.</param>
/// <param name="BitsPerSample">4 to 32.</param>
/// <param name="TotalSamples">Samples per channel; 0 when unknown.</param>
/// <param name="Md5">The MD5 of the samples as little-endian bytes; all zeros when unknown.</param>
internal sealed record FlacStreamInfo(int MaxBlockSize, int MaxFrameBytes, int SampleRate, int Channels, int BitsPerSample, long TotalSamples, byte[] Md5)
{
    /// <summary>Bytes of the block without its header.</summary>
    public const int Size = 34;

    private const int StreamInfoType = 0;
    private const int InvalidType = 127;

    /// <summary>Whether the file says what its samples should hash to.</summary>
    public bool HasMd5 => Md5.AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>Reads everything between the <c>fLaC</c> marker, which <paramref name="source"/> stands on, and the first frame.</summary>
    /// <exception cref="AudioFormatException">The header is cut or damaged.</exception>
    public static FlacStreamInfo Read(ByteSource source)
    {
        source.Advance(4);
        FlacStreamInfo? info = null;
        while (true)
        {
            long at = source.Position;
            ReadOnlySpan<byte> head = source.Peek(4);
            if (head.Length < 4)
            {
                throw source.Error($"the FLAC header is cut: the file ends at byte {at + head.Length}");
            }

            bool last = (head[0] & 0x80) != 0;
            int type = head[0] & 0x7F;
            int length = head[1] << 16 | head[2] << 8 | head[3];
            source.Advance(4);
            if (type == InvalidType || (info is null) != (type == StreamInfoType))
            {
                throw source.Error($"the FLAC header is damaged: a metadata block of type {type} at byte {at}");
            }

            info ??= Parse(source, at, source.Peek(Math.Min(length, Size)));
            if (!source.TrySkip(length))
            {
                throw source.Error($"the FLAC header is cut: the file ends at byte {source.Position} inside the block that starts at byte {at}");
            }

            if (last)
            {
                return info;
            }
        }
    }

    private static FlacStreamInfo Parse(ByteSource source, long at, ReadOnlySpan<byte> block)
    {
        if (block.Length < Size)
        {
            throw source.Error($"the FLAC header is cut or damaged: byte {at + 4 + block.Length} lies inside its first block");
        }

        ulong packed = BinaryPrimitives.ReadUInt64BigEndian(block[10..]);
        var info = new FlacStreamInfo(
            MaxBlockSize: BinaryPrimitives.ReadUInt16BigEndian(block[2..]),
            MaxFrameBytes: block[7] << 16 | block[8] << 8 | block[9],
            SampleRate: (int)(packed >> 44),
            Channels: (int)(packed >> 41 & 7) + 1,
            BitsPerSample: (int)(packed >> 36 & 31) + 1,
            TotalSamples: (long)(packed & 0xF_FFFF_FFFF),
            Md5: block.Slice(18, 16).ToArray());
        return info.MaxBlockSize >= 16 && info.SampleRate > 0 && info.BitsPerSample >= 4
            ? info
            : throw source.Error($"the FLAC header at byte {at} makes no sense: blocks of {info.MaxBlockSize}, {info.SampleRate} Hz, {info.BitsPerSample} bits");
    }
}
