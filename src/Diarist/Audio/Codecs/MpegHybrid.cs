using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diarist.Audio.Codecs;

/// <summary>
/// Makes subband samples of the lines of one channel of layer III (ISO/IEC 11172-3, sections 2.4.3.4.10 to 13): aliases are removed, then each
/// subband's 18 lines become 36 values, of which the first half is added to the second half of the granule before. That is a
/// product with a small matrix for each window, in the same order on every machine.
/// </summary>
internal sealed class MpegHybrid
{
    /// <summary>Subbands.</summary>
    public const int Subbands = 32;

    /// <summary>Samples of a subband in one granule, and lines of its spectrum.</summary>
    public const int Slots = 18;

    /// <summary>Where the samples of the next subband begin: three vectors further on.</summary>
    public const int Stride = 24;

    private const int Row = 2 * Stride, Butterflies = 8;

    // Of each block type one for even and one for odd subbands, in which every second sample changes its sign.
    private static readonly float[][] Matrices = [.. Enumerable.Range(0, 8).Select(number => MakeMatrix(number >> 1, (number & 1) != 0))];

    private static readonly float[] AliasCosines = Aliases(1), AliasSines = Aliases(0);

    private readonly float[] _before = new float[Subbands * Stride];
    private int _usedBefore;

    /// <summary>Forgets the granule before.</summary>
    public void Reset() => _before.AsSpan().Clear();

    /// <summary>Computes the subband samples of a granule.</summary>
    /// <param name="granule">What is known of the granule.</param>
    /// <param name="lines">Its 576 lines, which are changed.</param>
    /// <param name="samples">Receives <see cref="Slots"/> samples for each subband, <see cref="Stride"/> apart.</param>
    /// <returns>The number of subbands that are not silent.</returns>
    public int Apply(MpegGranule granule, float[] lines, float[] samples)
    {
        int smooth = Subbands;
        if (granule.IsShort)
        {
            smooth = granule.MixedSubbands;
            Interleave(granule, lines, smooth * Slots);
        }

        int used = Math.Min(Subbands, ((granule.UsedLines + Slots - 1) / Slots) + 1);
        RemoveAliases(lines, Math.Min(used, smooth));
        for (int subband = 0; subband < used; subband++)
        {
            int type = subband < granule.MixedSubbands ? 0 : granule.BlockType;
            Transform(lines, Matrices[(2 * type) + (subband & 1)], _before, samples, subband);
        }

        for (int subband = used; subband < _usedBefore; subband++)
        {
            Span<float> before = _before.AsSpan(subband * Stride, Stride);
            before.CopyTo(samples.AsSpan(subband * Stride));
            before.Clear();
        }

        int heard = Math.Max(used, _usedBefore);
        _usedBefore = used;
        return heard;
    }

    // Within three bands of one range of frequencies, the lines of the three windows take turns.
    private static void Interleave(MpegGranule granule, Span<float> lines, int start)
    {
        Span<float> three = stackalloc float[MpegGranule.Lines];
        for (int band = granule.LongBands; band < granule.Bands.Length && start < granule.UsedLines; band += 3)
        {
            int width = granule.Bands[band];
            Span<float> some = lines.Slice(start, 3 * width);
            some.CopyTo(three);
            for (int i = 0; i < some.Length; i++)
            {
                some[i] = three[(i % 3 * width) + (i / 3)];
            }

            start += some.Length;
        }

        granule.UsedLines = Math.Max(granule.UsedLines, start);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RemoveAliases(float[] lines, int subbands)
    {
        Vector256<float> cosines = Vector256.Create(AliasCosines), sines = Vector256.Create(AliasSines);
        Vector256<int> backwards = Vector256.Create(7, 6, 5, 4, 3, 2, 1, 0);
        for (int subband = 1; subband < subbands; subband++)
        {
            Span<float> below = lines.AsSpan((subband * Slots) - Butterflies, Butterflies), above = lines.AsSpan(subband * Slots, Butterflies);
            Vector256<float> low = Vector256.Shuffle(Vector256.Create<float>(below), backwards), high = Vector256.Create<float>(above);
            Vector256.Shuffle((low * cosines) - (high * sines), backwards).CopyTo(below);
            ((high * cosines) + (low * sines)).CopyTo(above);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform(float[] lines, float[] matrix, float[] before, float[] samples, int subband)
    {
        Vector256<float> a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
        ReadOnlySpan<float> weights = matrix;
        foreach (float line in lines.AsSpan(subband * Slots, Slots))
        {
            Vector256<float> value = Vector256.Create(line);
            a0 += value * Vector256.Create(weights);
            a1 += value * Vector256.Create(weights[8..]);
            a2 += value * Vector256.Create(weights[16..]);
            b0 += value * Vector256.Create(weights[24..]);
            b1 += value * Vector256.Create(weights[32..]);
            b2 += value * Vector256.Create(weights[40..]);
            weights = weights[Row..];
        }

        Span<float> last = before.AsSpan(subband * Stride, Stride), result = samples.AsSpan(subband * Stride, Stride);
        (a0 + Vector256.Create<float>(last)).CopyTo(result);
        (a1 + Vector256.Create<float>(last[8..])).CopyTo(result[8..]);
        (a2 + Vector256.Create<float>(last[16..])).CopyTo(result[16..]);
        b0.CopyTo(last);
        b1.CopyTo(last[8..]);
        b2.CopyTo(last[16..]);
    }

    private static float[] MakeMatrix(int type, bool isOdd)
    {
        var matrix = new float[Slots * Row];
        for (int line = 0; line < Slots; line++)
        {
            for (int i = 0; i < 2 * Slots; i++)
            {
                double weight = type == MpegGranule.ShortBlock
                    ? ShortWeight(line / 3, i - 6 - (6 * (line % 3)))
                    : Window(type, i) * Math.Cos(Math.PI / 72 * ((2 * i) + 1 + Slots) * ((2 * line) + 1));
                int slot = i % Slots;
                matrix[(line * Row) + (i / Slots * Stride) + slot] = (float)(isOdd && (slot & 1) != 0 ? -weight : weight);
            }
        }

        return matrix;
    }

    private static double ShortWeight(int line, int i) => i is < 0 or >= 12 ? 0 : Math.Sin(Math.PI / 12 * (i + 0.5)) * Math.Cos(Math.PI / 24 * ((2 * i) + 7) * ((2 * line) + 1));

    // Type 3 is type 1 backwards.
    private static double Window(int type, int i) => (type, type == 3 ? 35 - i : i) switch
    {
        (0, _) => Math.Sin(Math.PI / 36 * (i + 0.5)),
        (_, < 18) => Math.Sin(Math.PI / 36 * ((type == 3 ? 35 - i : i) + 0.5)),
        (_, < 24) => 1,
        (_, < 30) => Math.Sin(Math.PI / 12 * ((type == 3 ? 35 - i : i) - 18 + 0.5)),
        _ => 0,
    };

    // Table B.9 of the standard.
    private static float[] Aliases(int power)
    {
        ReadOnlySpan<double> coefficients = [-0.6, -0.535, -0.33, -0.185, -0.095, -0.041, -0.0142, -0.0037];
        var all = new float[Butterflies];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = (float)((power == 1 ? 1 : coefficients[i]) / Math.Sqrt(1 + (coefficients[i] * coefficients[i])));
        }

        return all;
    }
}
