using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Diarist.Audio.Codecs;

/// <summary>
/// Reads the shapes of all bands (RFC 6716, section 4.3.4). A band with more bits than its vectors can use is halved again and again; a band without pulses has the
/// shape of lower ones, or noise.
/// </summary>
internal sealed partial class CeltBands
{
    private const int Eighths = CeltRangeDecoder.Eighths, One = 1 << Eighths, Strongest = 3;

    private readonly float[][] _folds = [new float[CeltTables.MaxSize], new float[CeltTables.MaxSize]];
    private readonly float[] _fold = new float[CeltPulses.MaxSize];
    private CeltFrame _frame = new();
    private int _band;
    private int _resolution;
    private int _left;

    /// <summary>The lines of both channels, each band with energy 1.</summary>
    public float[][] Lines { get; } = [new float[CeltTables.MaxSize], new float[CeltTables.MaxSize]];

    /// <summary>For each band and channel a bit for each block that is not empty.</summary>
    public uint[][] Filled { get; } = [new uint[CeltTables.Bands], new uint[CeltTables.Bands]];

    /// <summary>What the noise of bands without pulses is made of.</summary>
    public CeltNoise Noise { get; } = new();

    /// <summary>Whether the second channel may be the first one with its sign changed; not where both are to be averaged.</summary>
    public bool MayInvert { get; set; }

    /// <summary>Reads the shapes.</summary>
    /// <param name="range">The frame's bits.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="total">The eighths of bits up to the end of the shapes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(ref CeltRangeDecoder range, CeltFrame frame, int total)
    {
        _frame = frame;
        ReadOnlySpan<byte> edges = CeltTables.Edges;
        int balance = frame.Balance, foldBand = 0;
        bool isDual = frame.IsDual, mayFoldMore = true;
        for (int band = 0; band < frame.EndBand; band++)
        {
            int start = edges[band] << frame.Scale, size = (edges[band + 1] << frame.Scale) - start, tell = range.TellEighths;
            balance -= band > 0 ? tell : 0;
            _left = total - tell - 1;
            int bits = 0;
            if (band < frame.CodedBands)
            {
                int more = balance / Math.Min(3, frame.CodedBands - band);
                bits = Math.Max(0, Math.Min(16383, Math.Min(_left + 1, frame.ShapeBits[band] + more)));
            }

            if (start >= size && (mayFoldMore || foldBand == 0))
            {
                foldBand = band;
            }

            (_band, _resolution) = (band, frame.Resolutions[band]);
            (int fold, uint firstFill, uint secondFill) = FindFold(band, foldBand, size);
            if (isDual && band == frame.IntensityBand)
            {
                isDual = false;
                for (int i = 0; i < start; i++)
                {
                    _folds[0][i] = (_folds[0][i] + _folds[1][i]) / 2;
                }
            }

            Span<float> first = Lines[0].AsSpan(start, size), second = frame.Channels == 2 ? Lines[1].AsSpan(start, size) : default;
            Span<float> firstFold = fold < 0 ? default : _folds[0].AsSpan(fold, size), secondFold = fold < 0 ? default : _folds[1].AsSpan(fold, size);
            bool isLast = band == frame.EndBand - 1;
            Span<float> nextFold = isLast ? default : _folds[0].AsSpan(start, size);
            if (isDual)
            {
                Filled[0][band] = ReadBand(ref range, first, bits / 2, firstFold, nextFold, 1, firstFill);
                Filled[1][band] = ReadBand(ref range, second, bits / 2, secondFold, isLast ? default : _folds[1].AsSpan(start, size), 1, secondFill);
            }
            else
            {
                Filled[0][band] = Filled[1][band] = frame.Channels == 2
                    ? ReadStereo(ref range, first, second, bits, firstFold, nextFold, firstFill | secondFill)
                    : ReadBand(ref range, first, bits, firstFold, nextFold, 1, firstFill | secondFill);
            }

            balance += frame.ShapeBits[band] + tell;
            mayFoldMore = bits > size << Eighths;
        }
    }

    // Where the lower lines begin whose shape a band without pulses takes, and which blocks of them may be empty.
    private (int Start, uint FirstFill, uint SecondFill) FindFold(int band, int foldBand, int size)
    {
        int scale = _frame.Scale, blocks = _frame.Blocks;
        if (foldBand == 0 || (_frame.Spread == Strongest && blocks == 1 && _resolution >= 0))
        {
            uint all = (1U << blocks) - 1;
            return (-1, all, all);
        }

        ReadOnlySpan<byte> edges = CeltTables.Edges;
        int start = Math.Max(0, (edges[foldBand] << scale) - size), from = foldBand - 1, to = foldBand;
        while (edges[from] << scale > start)
        {
            from--;
        }

        while (to < band && edges[to] << scale < start + size)
        {
            to++;
        }

        uint first = 0, second = 0;
        for (int i = from; i < to; i++)
        {
            first |= Filled[0][i];
            second |= Filled[_frame.Channels - 1][i];
        }

        return (start, first, second);
    }

    // Reads one channel of a band; gain is the root of its energy.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint ReadBand(ref CeltRangeDecoder range, Span<float> lines, int bits, Span<float> fold, Span<float> nextFold, float gain, uint fill)
    {
        int size = lines.Length, blocks = _frame.Blocks;
        if (size == 1)
        {
            lines[0] = ReadSign(ref range);
            CopyLine(lines, nextFold);
            return 1;
        }

        bool isLong = blocks == 1;
        int blockSize = size / blocks, joins = Math.Max(_resolution, 0), splits = 0;
        if (!fold.IsEmpty && (joins > 0 || ((blockSize & 1) == 0 && _resolution < 0) || blocks > 1))
        {
            fold.CopyTo(_fold);
            fold = _fold.AsSpan(0, size);
        }

        for (int i = 0; i < joins; i++)
        {
            CeltShape.Haar(fold, fold.Length >> i, 1 << i);
            fill = CeltBlocks.JoinPairs(fill);
        }

        blocks >>= joins;
        blockSize <<= joins;
        for (int change = _resolution; change < 0 && (blockSize & 1) == 0; change++, splits++)
        {
            CeltShape.Haar(fold, fold.IsEmpty ? 0 : blockSize, blocks);
            fill |= fill << blocks;
            blocks <<= 1;
            blockSize >>= 1;
        }

        if (blocks > 1 && !fold.IsEmpty)
        {
            CeltShape.SplitBlocks(fold, blockSize >> joins, blocks << joins, isLong);
        }

        uint filled = ReadPart(ref range, lines, bits, blocks, fold, _frame.Scale, gain, fill);
        if (blocks > 1)
        {
            CeltShape.JoinBlocks(lines, blockSize >> joins, blocks << joins, isLong);
        }

        for (int i = 0; i < splits; i++)
        {
            blocks >>= 1;
            blockSize <<= 1;
            filled |= filled >> blocks;
            CeltShape.Haar(lines, blockSize, blocks);
        }

        for (int i = 0; i < joins; i++)
        {
            filled = CeltBlocks.SplitPairs(filled);
            CeltShape.Haar(lines, size >> i, 1 << i);
        }

        if (!nextFold.IsEmpty)
        {
            TensorPrimitives.Multiply(lines, MathF.Sqrt(size), nextFold);
        }

        return filled & ((1U << (blocks << joins)) - 1);
    }

    // Reads a part of a band, or halves it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint ReadPart(ref CeltRangeDecoder range, Span<float> lines, int bits, int blocks, Span<float> fold, int scale, float gain, uint fill)
    {
        int size = lines.Length, most = CeltPulses.LastStep(size);
        if (scale >= 0 && size > 2 && bits > CeltPulses.CostOf(size, most) - 1 + 12)
        {
            return ReadHalves(ref range, lines, bits, blocks, fold, scale - 1, gain, fill);
        }

        int step = CeltPulses.StepOf(size, bits);
        while (step > 0 && _left < CeltPulses.CostOf(size, step))
        {
            step--;
        }

        _left -= CeltPulses.CostOf(size, step);
        return step > 0
            ? CeltShape.Read(ref range, lines, CeltPulses.PulsesOf(step), _frame.Spread, blocks, gain)
            : Noise.Fill(lines, blocks, fold, gain, fill);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint ReadHalves(ref CeltRangeDecoder range, Span<float> lines, int bits, int blocks, Span<float> fold, int scale, float gain, uint fill)
    {
        int size = lines.Length / 2, shift = blocks >> 1;
        bool isInTime = blocks > 1;
        if (blocks == 1)
        {
            fill = (fill & 1) | (fill << 1);
        }

        blocks = (blocks + 1) >> 1;
        CeltAngle angle = CeltAngle.ReadHalves(ref range, _band, scale, size, bits, isInTime);
        bits -= angle.Cost;
        fill &= CeltBlocks.FilledBy(angle, blocks);
        int lead = angle.Lead;
        if (isInTime && (angle.Value & (CeltAngle.Right - 1)) != 0)
        {
            // What comes before a loud part is masked less than what comes after it.
            lead = angle.Value > CeltAngle.Right / 2 ? lead - (lead >> (4 - scale)) : Math.Min(0, lead + (size << Eighths >> (5 - scale)));
        }

        int firstBits = Math.Max(0, Math.Min(bits, (bits - lead) / 2)), secondBits = bits - firstBits;
        _left -= angle.Cost;
        Span<float> first = lines[..size], second = lines[size..], firstFold = fold.IsEmpty ? fold : fold[..size], secondFold = fold.IsEmpty ? fold : fold[size..];
        int before = _left;
        if (firstBits >= secondBits)
        {
            uint filled = ReadPart(ref range, first, firstBits, blocks, firstFold, scale, gain * angle.First, fill);
            secondBits += Unused(firstBits, before, angle.Value != 0);
            return filled | (ReadPart(ref range, second, secondBits, blocks, secondFold, scale, gain * angle.Second, fill >> blocks) << shift);
        }
        else
        {
            uint filled = ReadPart(ref range, second, secondBits, blocks, secondFold, scale, gain * angle.Second, fill >> blocks) << shift;
            firstBits += Unused(secondBits, before, angle.Value != CeltAngle.Right);
            return filled | ReadPart(ref range, first, firstBits, blocks, firstFold, scale, gain * angle.First, fill);
        }
    }

    private float ReadSign(ref CeltRangeDecoder range)
    {
        if (_left < One)
        {
            return 1;
        }

        _left -= One;
        return range.ReadRaw(1) != 0 ? -1 : 1;
    }

    private static void CopyLine(ReadOnlySpan<float> line, Span<float> nextFold)
    {
        if (!nextFold.IsEmpty)
        {
            nextFold[0] = line[0];
        }
    }

    // The bits that one part did not use beyond three go to the other one.
    private int Unused(int bits, int before, bool isShared)
    {
        int unused = bits - (before - _left);
        return unused > 3 * One && isShared ? unused - (3 * One) : 0;
    }
}
