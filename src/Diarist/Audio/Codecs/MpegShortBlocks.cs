using NLayer;

namespace Diarist.Audio.Codecs;

/// <summary>
/// Writes frames of layer III at 8 kHz anew, so that NLayer 3.0.1 decodes their short blocks. Two tables of codes share the
/// lines of a short block. The second takes over at line 72 at 8 kHz and at line 36 at other sample rates, where NLayer
/// expects it always. So everything from line 36 on is written with one table that has codes for all of it.
/// </summary>
internal sealed class MpegShortBlocks
{
    private const int RightPairs = 36 / 2, MaxPairs = 576 / 2, ShortBlock = 2, MaxReservoirBytes = 255;

    private readonly (int First, int Second)[] _pairs = new (int, int)[MaxPairs];
    private readonly int[] _granuleBits = new int[2];
    private readonly BitWriter _side = new();
    private readonly BitWriter _main = new();
    private readonly byte[] _reservoir = new byte[MaxReservoirBytes + MpegHeader.MaxFrameBytes];
    private readonly byte[] _frame = new byte[MpegHeader.MaxFrameBytes];
    private int _kept;

    /// <summary>Whether frames with the header need it.</summary>
    public static bool Concerns(MpegHeader header) => header is { Layer: MpegLayer.LayerIII, SampleRate: 8_000 };

    /// <summary>Of each channel the bits of its part of the last frame: they may be more than the frame has room to say.</summary>
    public ReadOnlySpan<int> GranuleBits => _granuleBits;

    /// <summary>Writes a frame anew; every frame of a stream must come here.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="frame">Its bytes.</param>
    /// <param name="rewritten">A frame of the same sound that needs none of those before it; valid until the next call.</param>
    /// <returns>Whether all its bits are there.</returns>
    public bool TryRewrite(MpegHeader header, ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> rewritten)
    {
        rewritten = default;
        int headBytes = MpegHeader.Size + (header.HasCrc ? 2 : 0), sideBytes = header.Channels == 1 ? 9 : 17;
        if (frame.Length < headBytes + sideBytes)
        {
            return false;
        }

        var side = new BitReader(frame.Slice(headBytes, sideBytes));
        int start = _kept - (int)side.ReadUnsigned(8);
        ReadOnlySpan<byte> main = Keep(frame[(headBytes + sideBytes)..]);
        bool isWhole = start >= 0 && TryRewrite(header, ref side, main[start..]);
        _kept = Math.Min(main.Length, MaxReservoirBytes);
        main[^_kept..].CopyTo(_reservoir);
        int length = headBytes + sideBytes + _main.Bytes.Length;
        if (!isWhole || length > _frame.Length)
        {
            return false;
        }

        frame[..headBytes].CopyTo(_frame);
        _side.Bytes.CopyTo(_frame.AsSpan(headBytes));
        _main.Bytes.CopyTo(_frame.AsSpan(headBytes + sideBytes));
        rewritten = _frame.AsSpan(0, length);
        return true;
    }

    // Bits of the scale factors of a short block (ISO/IEC 13818-3, section 2.4.3.2): their lengths, and how many have each.
    private static int ScaleFactorBits(int compress, bool isMixed, bool isIntensity)
    {
        int half = compress >> 1;
        (int a, int b, int c, int d, int row) = (isIntensity, isIntensity ? half : compress) switch
        {
            (true, < 180) => (half / 36, half % 36 / 6, half % 6, 0, 3),
            (true, < 244) => ((half - 180) >> 4, ((half - 180) & 15) >> 2, (half - 180) & 3, 0, 4),
            (true, _) => ((half - 244) / 3, (half - 244) % 3, 0, 0, 5),
            (false, < 400) => ((compress >> 4) / 5, (compress >> 4) % 5, (compress & 15) >> 2, compress & 3, 0),
            (false, < 500) => (((compress - 400) >> 2) / 5, ((compress - 400) >> 2) % 5, (compress - 400) & 3, 0, 1),
            _ => ((compress - 500) / 3, (compress - 500) % 3, 0, 0, 2),
        };
        ReadOnlySpan<byte> counts = isMixed
            ? [6, 9, 9, 9, 6, 9, 12, 6, 15, 18, 0, 0, 6, 15, 12, 0, 6, 12, 9, 6, 6, 18, 9, 0]
            : [9, 9, 9, 9, 9, 9, 12, 6, 18, 18, 0, 0, 12, 12, 12, 0, 12, 9, 9, 6, 15, 12, 9, 0];
        counts = counts.Slice(4 * row, 4);
        return (a * counts[0]) + (b * counts[1]) + (c * counts[2]) + (d * counts[3]);
    }

    private static BitReader At(ReadOnlySpan<byte> main, int bit)
    {
        var bits = new BitReader(main[(bit / 8)..]);
        bits.ReadUnsigned(bit % 8);
        return bits;
    }

    private ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> main)
    {
        main.CopyTo(_reservoir.AsSpan(_kept));
        return _reservoir.AsSpan(0, _kept + main.Length);
    }

    private bool TryRewrite(MpegHeader header, ref BitReader side, ReadOnlySpan<byte> main)
    {
        _side.Clear();
        _main.Clear();
        _side.Write(0, 8);

        // As many private bits as channels.
        _side.Write((long)side.ReadUnsigned(header.Channels), header.Channels);
        int position = 0;
        for (int channel = 0; channel < header.Channels; channel++)
        {
            var granule = new Granule(
                (int)side.ReadUnsigned(12), (int)side.ReadUnsigned(9), (int)side.ReadUnsigned(8), (int)side.ReadUnsigned(9), side.ReadUnsigned(1) != 0, (uint)side.ReadUnsigned(22), (uint)side.ReadUnsigned(2));
            if (position + granule.Bits > 8 * main.Length)
            {
                return false;
            }

            int next = position + granule.Bits, written = 0;
            int scaleFactors = ScaleFactorBits(granule.Compress, granule.IsMixed, (header.ModeExtension & 1) != 0 && channel == 1);
            if (granule.IsMisread && scaleFactors <= granule.Bits && TryReadPairs(granule, At(main, position + scaleFactors), out int taken) && position + scaleFactors + taken <= next)
            {
                BitReader bits = At(main, position);
                Copy(ref bits, scaleFactors);
                written = scaleFactors + WritePairs(ref granule);
                position += scaleFactors + taken;
            }

            BitReader rest = At(main, position);
            Copy(ref rest, next - position);
            _granuleBits[channel] = written + next - position;
            position = next;
            granule.Write(_side);
        }

        _side.AlignToByte();
        _main.AlignToByte();
        return true;
    }

    private bool TryReadPairs(Granule granule, BitReader bits, out int taken)
    {
        taken = 0;
        for (int pair = 0; pair < granule.Pairs; pair++)
        {
            (int first, int second) = (0, 0);
            taken += MpegPairTable.Of(pair < 2 * RightPairs ? granule.FirstTable : granule.SecondTable)?.Read(ref bits, out first, out second) ?? 0;
            _pairs[pair] = (first, second);
        }

        return !bits.Overrun;
    }

    private int WritePairs(ref Granule granule)
    {
        int written = 0;
        granule = granule.WithSecondTable(MpegPairTable.ShortestFor(_pairs.AsSpan(RightPairs, granule.Pairs - RightPairs)));
        for (int pair = 0; pair < granule.Pairs; pair++)
        {
            written += MpegPairTable.Of(pair < RightPairs ? granule.FirstTable : granule.SecondTable)?.Write(_main, _pairs[pair].First, _pairs[pair].Second) ?? 0;
        }

        return written;
    }

    private void Copy(ref BitReader bits, int count)
    {
        for (; count > 0; count -= 32)
        {
            int step = Math.Min(count, 32);
            _main.Write((long)bits.ReadUnsigned(step), step);
        }
    }

    // The side information of one channel, whose length is told beside the frame; Window and Tail hold the fields that nothing here depends on as well.
    private readonly record struct Granule(int Bits, int Pairs, int Gain, int Compress, bool IsSplit, uint Window, uint Tail)
    {
        public bool IsMixed => (Window >> 19 & 1) != 0;

        public int FirstTable => (int)(Window >> 14 & 31);

        public int SecondTable => (int)(Window >> 9 & 31);

        public bool IsMisread => IsSplit && Window >> 20 == ShortBlock && FirstTable != SecondTable && Pairs is > RightPairs and <= MaxPairs;

        public Granule WithSecondTable(int table) => this with { Window = (Window & ~(31u << 9)) | (uint)table << 9 };

        public void Write(BitWriter bits)
        {
            bits.Write(0, MpegFrame.GranuleLengthBits);
            bits.Write(Pairs, 9);
            bits.Write(Gain, 8);
            bits.Write(Compress, 9);
            bits.Write(IsSplit ? 1 : 0, 1);
            bits.Write(Window, 22);
            bits.Write(Tail, 2);
        }
    }
}
