using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Diarist.Audio;

/// <summary>Writes 16-bit FLAC (RFC 9639) in blocks of 4096, with the MD5 of the samples.</summary>
internal sealed class FlacWriter : AudioWriter
{
    private const int BlockSize = 4096;
    private const int BitsPerSample = 16;
    private const int HeaderBytes = 4 + 4 + FlacStreamInfo.Size;

    // Codes of the frame header.
    private const int BlockSizeAtEnd = 7;
    private const int SixteenBits = 4;
    private const int LeftRight = 1;
    private const int LeftSide = 8;
    private const int SideRight = 9;
    private const int MidSide = 10;

#pragma warning disable CA5351 // MD5 is what the format prescribes.
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    private readonly BitWriter _bits = new();
    private readonly short[] _block;
    private int _inBlock;
    private long _frames;
    private int _frameNumber;
    private int _minFrameBytes = int.MaxValue;
    private int _maxFrameBytes;

    /// <summary>Starts the file.</summary>
    public FlacWriter(string path, int sampleRate, int channels = 1)
        : base(path, sampleRate, channels)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleRate, 655_350);
        _block = new short[BlockSize * channels];
        Output.Write(new byte[HeaderBytes]);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<short> interleaved)
    {
        while (!interleaved.IsEmpty)
        {
            int count = Math.Min(interleaved.Length, _block.Length - _inBlock);
            interleaved[..count].CopyTo(_block.AsSpan(_inBlock));
            _inBlock += count;
            interleaved = interleaved[count..];
            if (_inBlock == _block.Length)
            {
                WriteFrame();
            }
        }
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_inBlock > 0)
        {
            WriteFrame();
        }

        Output.Position = 0;
        WriteHeader();
    }

    /// <inheritdoc/>
    protected override void Release() => _md5.Dispose();

    private void WriteHeader()
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        "fLaC"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], 0x8000_0000 | FlacStreamInfo.Size);
        Span<byte> info = header[8..];
        BinaryPrimitives.WriteUInt16BigEndian(info, BlockSize);
        BinaryPrimitives.WriteUInt16BigEndian(info[2..], BlockSize);
        WriteUInt24(info[4..], _maxFrameBytes == 0 ? 0 : _minFrameBytes);
        WriteUInt24(info[7..], _maxFrameBytes);
        ulong packed = ((ulong)SampleRate << 44) | ((ulong)(Channels - 1) << 41) | ((BitsPerSample - 1UL) << 36) | (ulong)_frames;
        BinaryPrimitives.WriteUInt64BigEndian(info[10..], packed);
        _md5.GetHashAndReset(info[18..]);
        Output.Write(header);
    }

    private static void WriteUInt24(Span<byte> target, int value)
    {
        target[0] = (byte)(value >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(target[1..], (ushort)value);
    }

    private void WriteFrame()
    {
        int frames = _inBlock / Channels;
        AppendMd5(_block.AsSpan(0, frames * Channels));
        var left = new int[frames];
        for (int i = 0; i < frames; i++)
        {
            left[i] = _block[i * Channels];
        }

        FlacSubframePlan first = FlacSubframePlan.For(left, BitsPerSample);
        if (Channels == 1)
        {
            WriteFrame(frames, 0, first);
        }
        else
        {
            WriteStereoFrame(left, first);
        }

        _frames += frames;
        _inBlock = 0;
    }

    private void WriteStereoFrame(int[] left, FlacSubframePlan leftPlan)
    {
        var right = new int[left.Length];
        var mid = new int[left.Length];
        var side = new int[left.Length];
        for (int i = 0; i < left.Length; i++)
        {
            right[i] = _block[(2 * i) + 1];
            mid[i] = (left[i] + right[i]) >> 1;
            side[i] = left[i] - right[i];
        }

        FlacSubframePlan rightPlan = FlacSubframePlan.For(right, BitsPerSample);
        FlacSubframePlan midPlan = FlacSubframePlan.For(mid, BitsPerSample);
        FlacSubframePlan sidePlan = FlacSubframePlan.For(side, BitsPerSample + 1);
        (int Assignment, FlacSubframePlan First, FlacSubframePlan Second)[] choices =
        [
            (LeftRight, leftPlan, rightPlan),
            (LeftSide, leftPlan, sidePlan),
            (SideRight, sidePlan, rightPlan),
            (MidSide, midPlan, sidePlan),
        ];
        (int assignment, FlacSubframePlan first, FlacSubframePlan second) = choices.MinBy(choice => choice.First.Bits + choice.Second.Bits);
        WriteFrame(left.Length, assignment, first, second);
    }

    private void WriteFrame(int frames, int assignment, params ReadOnlySpan<FlacSubframePlan> plans)
    {
        _bits.Clear();
        _bits.Write(0xFFF8, 16);
        _bits.Write(BlockSizeAtEnd, 4);
        _bits.Write(FlacFrame.RateCode(SampleRate), 4);
        _bits.Write(assignment, 4);
        _bits.Write(SixteenBits << 1, 4);
        WriteNumber(_frameNumber++);
        _bits.Write(frames - 1, 16);
        _bits.AlignToByte();
        _bits.Write(FlacCrc.Crc8(_bits.Bytes), 8);
        foreach (FlacSubframePlan plan in plans)
        {
            plan.Write(_bits);
        }

        _bits.AlignToByte();
        _bits.Write(FlacCrc.Crc16(_bits.Bytes), 16);
        _bits.AlignToByte();
        _minFrameBytes = Math.Min(_minFrameBytes, _bits.Bytes.Length);
        _maxFrameBytes = Math.Max(_maxFrameBytes, _bits.Bytes.Length);
        Output.Write(_bits.Bytes);
    }

    // In the manner of UTF-8, up to 36 bits.
    private void WriteNumber(int number)
    {
        if (number < 0x80)
        {
            _bits.Write(number, 8);
            return;
        }

        int following = 1;
        while (number >> ((5 * following) + 6) != 0)
        {
            following++;
        }

        int lead = (0xFF00 >> (following + 1)) & 0xFF;
        _bits.Write(lead | number >> (6 * following), 8);
        for (int shift = 6 * (following - 1); shift >= 0; shift -= 6)
        {
            _bits.Write(0x80 | (number >> shift & 0x3F), 8);
        }
    }

    private void AppendMd5(ReadOnlySpan<short> samples)
    {
        if (BitConverter.IsLittleEndian)
        {
            _md5.AppendData(MemoryMarshal.AsBytes(samples));
            return;
        }

        var bytes = new byte[2 * samples.Length];
        BinaryPrimitives.ReverseEndianness(samples, MemoryMarshal.Cast<byte, short>(bytes.AsSpan()));
        _md5.AppendData(bytes);
    }
}
