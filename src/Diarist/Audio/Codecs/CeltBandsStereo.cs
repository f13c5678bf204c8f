using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Diarist.Audio.Codecs;

/// <content>The shape of a band that both channels share: the mean and the difference of the two.</content>
internal sealed partial class CeltBands
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint ReadStereo(ref CeltRangeDecoder range, Span<float> first, Span<float> second, int bits, Span<float> fold, Span<float> nextFold, uint fill)
    {
        int size = first.Length, blocks = _frame.Blocks;
        if (size == 1)
        {
            first[0] = ReadSign(ref range);
            second[0] = ReadSign(ref range);
            CopyLine(first, nextFold);
            return 1;
        }

        bool hasRoom = bits > 2 * One && _left > 2 * One;
        CeltAngle angle = CeltAngle.ReadChannels(ref range, _band, _frame.Scale, size, bits, _band >= _frame.IntensityBand, hasRoom);
        bits -= angle.Cost;
        uint filled;
        if (size == 2)
        {
            filled = ReadTwoLines(ref range, angle, first, second, bits, fold, nextFold, fill);
        }
        else
        {
            fill &= CeltBlocks.FilledBy(angle, blocks);
            int firstBits = Math.Max(0, Math.Min(bits, (bits - angle.Lead) / 2)), secondBits = bits - firstBits;
            _left -= angle.Cost;
            int before = _left;
            if (firstBits >= secondBits)
            {
                filled = ReadBand(ref range, first, firstBits, fold, nextFold, 1, fill);
                secondBits += Unused(firstBits, before, angle.Value != 0);
                filled |= ReadBand(ref range, second, secondBits, default, default, angle.Second, fill >> blocks);
            }
            else
            {
                filled = ReadBand(ref range, second, secondBits, default, default, angle.Second, fill >> blocks);
                firstBits += Unused(secondBits, before, angle.Value != CeltAngle.Right);
                filled |= ReadBand(ref range, first, firstBits, fold, nextFold, 1, fill);
            }

            CeltShape.MergeChannels(first, second, angle.First);
        }

        if (angle.IsInverted && MayInvert)
        {
            TensorPrimitives.Negate(second, second);
        }

        return filled;
    }

    // Of two lines mean and difference are at a right angle, so the smaller one needs a sign only.
    private uint ReadTwoLines(ref CeltRangeDecoder range, CeltAngle angle, Span<float> first, Span<float> second, int bits, Span<float> fold, Span<float> nextFold, uint fill)
    {
        int forSign = angle.Value is 0 or CeltAngle.Right ? 0 : One;
        _left -= angle.Cost + forSign;
        bool isSecond = angle.Value > CeltAngle.Right / 2;
        Span<float> large = isSecond ? second : first, small = isSecond ? first : second;
        float sign = forSign > 0 && range.ReadRaw(1) != 0 ? -1 : 1;
        uint filled = ReadBand(ref range, large, bits - forSign, fold, nextFold, 1, fill);
        small[0] = -sign * large[1];
        small[1] = sign * large[0];
        for (int i = 0; i < 2; i++)
        {
            float mean = angle.First * first[i], difference = angle.Second * second[i];
            first[i] = mean - difference;
            second[i] = mean + difference;
        }

        return filled;
    }
}
