namespace Diarist.Audio;

/// <summary>A FLAC frame that cannot be what an encoder wrote.</summary>
internal sealed class FlacFrameException(string problem) : Exception(problem);

/// <summary>Decodes one frame of a FLAC stream (RFC 9639, section 9): header, one subframe per channel, stereo decorrelation, CRC-16.</summary>
internal sealed class FlacFrame
{
    private const int SyncAndReserved = 0b11_1111_1111_1110_0;

    // By their code; 0 stands for the rate of the stream.
    private static readonly int[] Rates = [0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];

    private readonly FlacStreamInfo _info;
    private readonly FlacSubframe _subframe = new();
    private readonly long[][] _channels;

    /// <summary>Makes room for one block of each channel.</summary>
    public FlacFrame(FlacStreamInfo info)
    {
        _info = info;
        _channels = new long[info.Channels][];
        for (int channel = 0; channel < _channels.Length; channel++)
        {
            _channels[channel] = new long[info.MaxBlockSize];
        }
    }

    /// <summary>Stereo decorrelation; the values are the frame header's.</summary>
    private enum Decorrelation
    {
        LeftSide = 8,
        SideRight = 9,
        MidSide = 10,
    }

    /// <summary>Samples per channel in the frame decoded last.</summary>
    public int BlockSize { get; private set; }

    /// <summary>The samples of one channel of the frame decoded last.</summary>
    public ReadOnlySpan<long> Channel(int channel) => _channels[channel].AsSpan(0, BlockSize);

    /// <summary>The code of a sample rate in a frame header; 0 when it has none and stands only in STREAMINFO.</summary>
    public static int RateCode(int rate) => Math.Max(0, Array.IndexOf(Rates, rate));

    /// <summary>Whether a frame header with a right CRC-8 starts here.</summary>
    public static bool StartsWithHeader(ReadOnlySpan<byte> bytes)
    {
        // The longest header has 16 bytes: 4 fixed, 7 of number, 2 of block size, 2 of rate, 1 of CRC.
        var bits = new BitReader(bytes[..Math.Min(bytes.Length, 16)]);
        return TryReadHeader(ref bits, bytes, out _);
    }

    /// <summary>Decodes the frame at the start of <paramref name="bytes"/>.</summary>
    /// <returns>The bytes of the frame; 0 when it goes on beyond <paramref name="bytes"/>.</returns>
    /// <exception cref="FlacFrameException">What is wrong with the frame.</exception>
    public int Decode(ReadOnlySpan<byte> bytes)
    {
        var bits = new BitReader(bytes);
        if (!TryReadHeader(ref bits, bytes, out Header header))
        {
            return bits.Overrun ? 0 : throw new FlacFrameException("no frame starts there");
        }

        CheckAgainstStreamInfo(header);
        BlockSize = header.BlockSize;
        for (int channel = 0; channel < _channels.Length; channel++)
        {
            bool side = header.Assignment == (int)Decorrelation.SideRight
                ? channel == 0
                : channel == 1 && header.Assignment >= (int)Decorrelation.LeftSide;
            _subframe.Decode(ref bits, _channels[channel].AsSpan(0, BlockSize), _info.BitsPerSample + (side ? 1 : 0));
            if (bits.Overrun)
            {
                return 0;
            }
        }

        bits.AlignToByte();
        int length = bits.BytePosition;
        int expected = (int)bits.ReadUnsigned(16);
        if (bits.Overrun)
        {
            return 0;
        }

        if (FlacCrc.Crc16(bytes[..length]) != expected)
        {
            throw new FlacFrameException("its CRC-16 is wrong");
        }

        if (header.Assignment >= (int)Decorrelation.LeftSide)
        {
            Recorrelate((Decorrelation)header.Assignment, _channels[0].AsSpan(0, BlockSize), _channels[1].AsSpan(0, BlockSize));
        }

        return length + 2;
    }

    private static bool TryReadHeader(ref BitReader bits, ReadOnlySpan<byte> bytes, out Header header)
    {
        header = default;
        if (bits.ReadUnsigned(15) != SyncAndReserved)
        {
            return false;
        }

        bits.ReadUnsigned(1);
        int blockCode = (int)bits.ReadUnsigned(4);
        int rateCode = (int)bits.ReadUnsigned(4);
        int assignment = (int)bits.ReadUnsigned(4);
        int bitsCode = (int)bits.ReadUnsigned(3);
        bool valid = blockCode != 0 && rateCode != 15 && assignment <= (int)Decorrelation.MidSide && bitsCode != 3 && bits.ReadUnsigned(1) == 0;
        if (!valid || !SkipNumber(ref bits))
        {
            return false;
        }

        int blockSize = blockCode switch
        {
            1 => 192,
            <= 5 => 144 << blockCode,
            6 => (int)bits.ReadUnsigned(8) + 1,
            7 => (int)bits.ReadUnsigned(16) + 1,
            _ => 1 << blockCode,
        };
        int rate = rateCode switch
        {
            12 => (int)bits.ReadUnsigned(8) * 1000,
            13 => (int)bits.ReadUnsigned(16),
            14 => (int)bits.ReadUnsigned(16) * 10,
            _ => Rates[rateCode],
        };
        int length = bits.BytePosition;
        int crc = (int)bits.ReadUnsigned(8);
        header = new Header(blockSize, rate, assignment, BitsOf(bitsCode));
        return !bits.Overrun && FlacCrc.Crc8(bytes[..length]) == crc;
    }

    // The frame or sample number, in the manner of UTF-8 but up to 7 bytes.
    private static bool SkipNumber(ref BitReader bits)
    {
        int first = (int)bits.ReadUnsigned(8);
        if (first < 0x80)
        {
            return true;
        }

        if (first is < 0xC0 or 0xFF)
        {
            return false;
        }

        for (int mask = 0x40; (first & mask) != 0; mask >>= 1)
        {
            if (bits.ReadUnsigned(2) != 0b10)
            {
                return false;
            }

            bits.ReadUnsigned(6);
        }

        return true;
    }

    private static int BitsOf(int code) => code switch
    {
        0 => 0,
        1 => 8,
        2 => 12,
        4 => 16,
        5 => 20,
        6 => 24,
        _ => 32,
    };

    private static void Recorrelate(Decorrelation kind, Span<long> first, Span<long> second)
    {
        for (int i = 0; i < first.Length; i++)
        {
            (first[i], second[i]) = kind switch
            {
                Decorrelation.LeftSide => (first[i], first[i] - second[i]),
                Decorrelation.SideRight => (first[i] + second[i], second[i]),

                // Mid lost its lowest bit, which equals that of side.
                _ => (((first[i] << 1 | (second[i] & 1)) + second[i]) >> 1, ((first[i] << 1 | (second[i] & 1)) - second[i]) >> 1),
            };
        }
    }

    private void CheckAgainstStreamInfo(Header header)
    {
        int channels = header.Assignment >= (int)Decorrelation.LeftSide ? 2 : header.Assignment + 1;
        bool same = channels == _info.Channels && header.BlockSize <= _info.MaxBlockSize
            && (header.SampleRate == 0 || header.SampleRate == _info.SampleRate)
            && (header.BitsPerSample == 0 || header.BitsPerSample == _info.BitsPerSample);
        if (!same)
        {
            throw new FlacFrameException("its rate, channels, bits or size differ from the file's header");
        }
    }

    /// <summary>A frame's own parameters; a rate or bits of 0 mean those of the stream.</summary>
    private readonly record struct Header(int BlockSize, int SampleRate, int Assignment, int BitsPerSample);
}
