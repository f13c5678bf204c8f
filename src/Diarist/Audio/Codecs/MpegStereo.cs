using System.Numerics.Tensors;

namespace Diarist.Audio.Codecs;

/// <summary>Makes left and right of what joint stereo holds (ISO/IEC 11172-3, section 2.4.3.4; 13818-3, section 2.4.3.2): middle and side, or one sound and a direction for each band.</summary>
internal static class MpegStereo
{
    private const int IntensityFlag = 1, MiddleFlag = 2;

    private static readonly float Half = (float)Math.Sqrt(0.5);

    /// <summary>Whether bands of the second channel may hold directions.</summary>
    public static bool HasIntensity(MpegHeader header) => header.ChannelMode == NLayer.MpegChannelMode.JointStereo && (header.ModeExtension & IntensityFlag) != 0;

    /// <summary>Does so in place.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="granule">The granule of the second channel.</param>
    /// <param name="left">The lines of the first channel.</param>
    /// <param name="right">The lines of the second channel.</param>
    public static void Apply(MpegHeader header, MpegGranule granule, Span<float> left, Span<float> right)
    {
        bool isMiddle = header.ChannelMode == NLayer.MpegChannelMode.JointStereo && (header.ModeExtension & MiddleFlag) != 0;
        if (!HasIntensity(header))
        {
            if (isMiddle)
            {
                Separate(left, right);
            }

            return;
        }

        // From the highest band down to the first one in which the second channel has sound; each short window for itself.
        Span<bool> isHeard = stackalloc bool[3];
        int end = MpegGranule.Lines;
        for (int band = granule.Bands.Length - 1; band >= 0; band--)
        {
            bool isLong = band < granule.LongBands;
            if (isLong && band == granule.LongBands - 1)
            {
                isHeard.Fill(isHeard.Contains(true));
            }

            int window = isLong ? 0 : (band - granule.LongBands) % 3, start = end - granule.Bands[band];
            Span<float> one = left[start..end], other = right[start..end];
            isHeard[window] |= other.ContainsAnyExcept(0f);

            // The last bands have no scale factor; they take that of the ones before them.
            int last = isLong ? granule.LongBands - 2 : granule.Bands.Length - 6 + window, from = isLong && granule.IsShort ? band : Math.Min(band, last);
            int direction = granule.ScaleFactors[from];
            if (!isHeard[window] && direction != granule.NoDirections[from])
            {
                (float toLeft, float toRight) = header.Version == NLayer.MpegVersion.Version1 ? Directed(direction) : DirectedLow(direction, (granule.Compress & 1) != 0);
                TensorPrimitives.Multiply(one, toRight, other);
                TensorPrimitives.Multiply(one, toLeft, one);
            }
            else if (isMiddle)
            {
                Separate(one, other);
            }

            end = start;
        }
    }

    private static void Separate(Span<float> middle, Span<float> side)
    {
        Span<float> difference = stackalloc float[middle.Length];
        TensorPrimitives.Subtract(middle, side, difference);
        TensorPrimitives.Add(middle, side, middle);
        TensorPrimitives.Multiply(middle, Half, middle);
        TensorPrimitives.Multiply(difference, Half, side);
    }

    private static (float Left, float Right) Directed(int direction)
    {
        double angle = direction * Math.PI / 12, sum = Math.Sin(angle) + Math.Cos(angle);
        return ((float)(Math.Sin(angle) / sum), (float)(Math.Cos(angle) / sum));
    }

    private static (float Left, float Right) DirectedLow(int direction, bool isCoarse)
    {
        float power = (float)Math.Pow(2, -(isCoarse ? 0.5 : 0.25) * ((direction + 1) / 2));
        return (direction & 1) != 0 ? (power, 1) : (1, power);
    }
}
