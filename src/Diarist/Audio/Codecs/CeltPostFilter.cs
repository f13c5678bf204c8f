using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diarist.Audio.Codecs;

/// <summary>
/// The pitch filter behind the transform (RFC 6716, section 4.3.7.1): a comb that strengthens the harmonics of voices. It changes from one frame's pitch to the
/// next one's over the first samples.
/// </summary>
/// <param name="Period">The pitch period in samples, 15 to 1022; 0 before there was one.</param>
/// <param name="Gain">How strong it is; 0 is off.</param>
/// <param name="Shape">Which of three sets of taps it has.</param>
internal readonly record struct CeltPostFilter(int Period, float Gain, int Shape)
{
    /// <summary>Samples before the filtered ones that it looks at.</summary>
    public const int History = 1024 + 2;

    private const int MinPeriod = 15, Lanes = 8;

    // The tap at the period, those beside it and those beside them.
    private static ReadOnlySpan<float> Taps => [0.306640625f, 0.21704101562f, 0.12963867187f, 0.46386718750f, 0.26806640625f, 0, 0.79980468750f, 0.10009765625f, 0];

    /// <summary>Reads the header of a filter.</summary>
    public static CeltPostFilter Read(ref CeltRangeDecoder range)
    {
        int octave = (int)range.ReadUniform(6), period = (16 << octave) + (int)range.ReadRaw(4 + octave) - 1;
        float gain = 0.09375f * (range.ReadRaw(3) + 1);
        int shape = range.Tell + 2 <= range.TotalBits ? range.ReadSymbol([2, 1, 0], 2) : 0;
        return new CeltPostFilter(period, gain, shape);
    }

    /// <summary>Filters sound in place.</summary>
    /// <param name="sound">The sound, with <see cref="History"/> or more samples before the filtered ones.</param>
    /// <param name="start">The first sample to be filtered.</param>
    /// <param name="count">How many are.</param>
    /// <param name="before">The filter of the samples before them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(Span<float> sound, int start, int count, CeltPostFilter before)
    {
        if (Gain == 0 && before.Gain == 0)
        {
            return;
        }

        int end = start + count;
        if (this != before)
        {
            int middle = start + CeltTransform.Overlap;
            Change(sound, start, middle, before);
            start = middle;
        }

        if (Gain != 0)
        {
            Continue(sound, start, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Change(Span<float> sound, int start, int end, CeltPostFilter before)
    {
        int period = Math.Max(Period, MinPeriod), periodBefore = Math.Max(before.Period, MinPeriod);
        ReadOnlySpan<float> taps = Taps.Slice(3 * Shape, 3), tapsBefore = Taps.Slice(3 * before.Shape, 3);
        for (int i = start; i < end; i++)
        {
            float fade = CeltTransform.FadeAt(i - start);
            sound[i] += ((1 - fade) * before.Gain * Comb(sound, i - periodBefore, tapsBefore)) + (fade * Gain * Comb(sound, i - period, taps));
        }
    }

    private static float Comb(ReadOnlySpan<float> sound, int at, ReadOnlySpan<float> taps) =>
        (taps[0] * sound[at]) + (taps[1] * (sound[at + 1] + sound[at - 1])) + (taps[2] * (sound[at + 2] + sound[at - 2]));

    // The period is longer than a vector, so that a vector never needs a sample of itself.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Continue(Span<float> sound, int start, int end)
    {
        int period = Math.Max(Period, MinPeriod);
        Vector256<float> middle = Vector256.Create(Gain * Taps[3 * Shape]), near = Vector256.Create(Gain * Taps[(3 * Shape) + 1]), far = Vector256.Create(Gain * Taps[(3 * Shape) + 2]);
        int i = start;
        for (; i + Lanes <= end; i += Lanes)
        {
            ReadOnlySpan<float> before = sound.Slice(i - period - 2, Lanes + 4);
            Vector256<float> sum = (middle * Vector256.Create(before[2..])) + (near * (Vector256.Create(before[1..]) + Vector256.Create(before[3..])));
            sum += far * (Vector256.Create(before) + Vector256.Create(before[4..]));
            (Vector256.Create<float>(sound[i..]) + sum).CopyTo(sound[i..]);
        }

        ReadOnlySpan<float> taps = Taps.Slice(3 * Shape, 3);
        for (; i < end; i++)
        {
            sound[i] += Gain * Comb(sound, i - period, taps);
        }
    }
}
