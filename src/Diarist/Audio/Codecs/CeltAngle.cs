using System.Numerics;
using System.Runtime.CompilerServices;

namespace Diarist.Audio.Codecs;

/// <summary>
/// How the energy of a band divides between two parts, its halves or its channels (RFC 6716, section 4.3.4.4): as an angle whose cosine belongs to the first
/// part and whose sine to the second. The trigonometry is of whole numbers, because the division of bits depends on it.
/// </summary>
/// <param name="Value">The angle: 0 when all is in the first part, <see cref="Right"/> when all is in the second.</param>
/// <param name="First">The gain of the first part.</param>
/// <param name="Second">The gain of the second part.</param>
/// <param name="Lead">The eighths of bits by which the second part gets more than the first.</param>
/// <param name="Cost">The eighths of bits that the angle took.</param>
/// <param name="IsInverted">Whether the second channel is the first one with its sign changed.</param>
internal readonly record struct CeltAngle(int Value, float First, float Second, int Lead, int Cost, bool IsInverted)
{
    /// <summary>A right angle.</summary>
    public const int Right = 16384;

    private const int Eighths = CeltRangeDecoder.Eighths;

    // Powers of two of eighths, times 16384.
    private static ReadOnlySpan<ushort> Powers => [16384, 17866, 19483, 21247, 23170, 25267, 27554, 30048];

    /// <summary>Reads the angle between the halves of a part of a band.</summary>
    /// <param name="range">The frame's bits.</param>
    /// <param name="band">The band.</param>
    /// <param name="scale">The scale of the halves: less by one for each time that the band was halved.</param>
    /// <param name="size">The lines of one half.</param>
    /// <param name="bits">The eighths of bits for both.</param>
    /// <param name="isInTime">Whether the halves follow each other in time.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static CeltAngle ReadHalves(ref CeltRangeDecoder range, int band, int scale, int size, int bits, bool isInTime)
    {
        int before = range.TellEighths, steps = StepsOf(band, scale, size, bits, false), angle = 0;
        if (steps > 1)
        {
            angle = (isInTime ? (int)range.ReadUniform((uint)steps + 1) : ReadTriangle(ref range, steps)) * Right / steps;
        }

        return Make(angle, size, range.TellEighths - before, false);
    }

    /// <summary>Reads the angle between the mean of two channels and half their difference.</summary>
    /// <param name="range">The frame's bits.</param>
    /// <param name="band">The band.</param>
    /// <param name="scale">The frame's scale.</param>
    /// <param name="size">The lines of the band.</param>
    /// <param name="bits">The eighths of bits for both channels.</param>
    /// <param name="hasOneShape">Whether both channels have one shape.</param>
    /// <param name="mayInvert">Whether there are bits to say that one of them is inverted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static CeltAngle ReadChannels(ref CeltRangeDecoder range, int band, int scale, int size, int bits, bool hasOneShape, bool mayInvert)
    {
        int before = range.TellEighths, steps = hasOneShape ? 1 : StepsOf(band, scale, size, bits, true), angle = 0;
        bool isInverted = false;
        if (steps > 1)
        {
            angle = (size > 2 ? ReadStep(ref range, steps) : (int)range.ReadUniform((uint)steps + 1)) * Right / steps;
        }
        else if (mayInvert)
        {
            isInverted = range.ReadBit(2);
        }

        return Make(angle, size, range.TellEighths - before, isInverted);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static CeltAngle Make(int angle, int size, int cost, bool isInverted)
    {
        const float Unit = 1 / 32768f;
        switch (angle)
        {
            case 0:
                return new CeltAngle(angle, 32767 * Unit, 0, -Right, cost, isInverted);
            case Right:
                return new CeltAngle(angle, 0, 32767 * Unit, Right, cost, isInverted);
            default:
                int cosine = Cosine(angle), sine = Cosine(Right - angle);
                return new CeltAngle(angle, cosine * Unit, sine * Unit, Product((size - 1) << 7, LogTangent(sine, cosine)), cost, isInverted);
        }
    }

    // How finely the angle is coded: such that both parts keep their share of the bits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int StepsOf(int band, int scale, int size, int bits, bool isStereo)
    {
        const int Offset = 4, OffsetOfTwo = 16;
        int cap = CeltTables.WidthLogs[band] + (scale << Eighths);
        int offset = (cap >> 1) - (isStereo && size == 2 ? OffsetOfTwo : Offset);
        int freedoms = (2 * size) - (isStereo && size == 2 ? 2 : 1);
        int share = Math.Min((bits + (freedoms * offset)) / freedoms, bits - cap - (4 << Eighths));
        share = Math.Min(share, 8 << Eighths);
        return share < 1 << Eighths >> 1 ? 1 : ((Powers[share & 7] >> (14 - (share >> Eighths))) + 1) >> 1 << 1;
    }

    // Angles up to the middle are three times as probable as those beyond it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ReadStep(ref CeltRangeDecoder range, int steps)
    {
        const int Likely = 3;
        int middle = steps / 2, total = (Likely * (middle + 1)) + middle, border = Likely * (middle + 1), at = (int)range.Find((uint)total);
        if (at < border)
        {
            int low = at / Likely;
            range.Take((uint)(Likely * low), (uint)(Likely * (low + 1)), (uint)total);
            return low;
        }

        range.Take((uint)at, (uint)at + 1, (uint)total);
        return at - border + middle + 1;
    }

    // The middle angles are the most probable.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ReadTriangle(ref CeltRangeDecoder range, int steps)
    {
        int half = steps >> 1, total = (half + 1) * (half + 1), at = (int)range.Find((uint)total), angle, low, width;
        if (at < half * (half + 1) >> 1)
        {
            angle = (Root((8 * at) + 1) - 1) >> 1;
            width = angle + 1;
            low = angle * (angle + 1) >> 1;
        }
        else
        {
            angle = ((2 * (steps + 1)) - Root((8 * (total - at - 1)) + 1)) >> 1;
            width = steps + 1 - angle;
            low = total - ((steps + 1 - angle) * (steps + 2 - angle) >> 1);
        }

        range.Take((uint)low, (uint)(low + width), (uint)total);
        return angle;
    }

    // The root of a number of at most 18 bits, rounded down; doubles are exact for it.
    private static int Root(int value) => (int)Math.Sqrt(value);

    // 32768 times the cosine of an angle between 0 and a right one.
    private static int Cosine(int angle)
    {
        int square = (4096 + (angle * angle)) >> 13;
        return 1 + 32767 - square + Product(square, -7651 + Product(square, 8277 + Product(-626, square)));
    }

    // 2048 times the logarithm to the base 2 of a tangent.
    private static int LogTangent(int sine, int cosine)
    {
        int bitsOfSine = BitOperations.Log2((uint)sine) + 1, bitsOfCosine = BitOperations.Log2((uint)cosine) + 1;
        return ((bitsOfSine - bitsOfCosine) * 2048) + LogOf(sine << (15 - bitsOfSine)) - LogOf(cosine << (15 - bitsOfCosine));
    }

    private static int LogOf(int mantissa) => Product(mantissa, Product(mantissa, -2597) + 7932);

    // Of two numbers of 16 bits, the second of which is a fraction.
    private static int Product(int a, int b) => (16384 + ((short)a * (short)b)) >> 15;
}
