using System.Numerics;
using System.Runtime.CompilerServices;
using Diarist.Audio;
using Diarist.Numerics;

namespace Diarist.Features;

/// <summary>
/// Kaldi's log mel filter bank as WeSpeaker and pyannote.audio set it: 25 ms frames every 10 ms without padding
/// (snip edges), mean of the frame removed, pre-emphasis 0.97, symmetric Hamming window, 512-point power spectrum,
/// 80 filters from 20 Hz to 8 kHz, natural logarithm, no dither. Source: kaldi-native-fbank's feature-window and
/// mel-computations. All in double: float32 strays up to 1.5e-3 from exact arithmetic where energies are small.
/// </summary>
internal sealed class KaldiFilterBank
{
    /// <summary>The number of filters.</summary>
    public const int Filters = 80;

    /// <summary>Samples from one frame to the next.</summary>
    public const int Hop = LogMelAnalyzer<Framing>.Hop;

    /// <summary>Samples of a frame.</summary>
    public const int FrameLength = 400;

    private const int FftLength = 512;
    private const double PreEmphasis = 0.97;
    private const double SampleScale = 32768;
    private const double Floor = 1.1920929e-07;

    private readonly LogMelAnalyzer<Framing> _analyzer = new(
        new Framing(), MelFilterBank.Kaldi(Filters, 20, MonoStream.SampleRate / 2, MonoStream.SampleRate, FftLength), FftLength, Floor);

    /// <summary>The number of frames of <paramref name="samples"/> samples: 998 for 10 s.</summary>
    public static int FrameCount(int samples) => LogMelAnalyzer<Framing>.FrameCount(samples);

    /// <summary>The logarithms of the filters' energies, before any mean is subtracted.</summary>
    /// <param name="samples">Mono 16 kHz audio in [−1, 1].</param>
    /// <param name="features">Receives shape (<see cref="FrameCount"/>, <see cref="Filters"/>).</param>
    public void Compute(ReadOnlySpan<float> samples, Span<float> features) => _analyzer.Compute(samples, features);

    /// <summary>Subtracts from every filter its mean over the frames: cepstral mean normalization without variance.</summary>
    /// <param name="features">Shape (frames, <see cref="Filters"/>).</param>
    /// <param name="normalized">Receives the same shape; may be <paramref name="features"/>.</param>
    public static void SubtractMean(ReadOnlySpan<float> features, Span<float> normalized)
    {
        int frames = features.Length / Filters;
        Span<double> means = stackalloc double[Filters];
        for (int frame = 0; frame < frames; frame++)
        {
            ReadOnlySpan<float> row = features.Slice(frame * Filters, Filters);
            for (int filter = 0; filter < Filters; filter++)
            {
                means[filter] += row[filter];
            }
        }

        Span<float> mean = stackalloc float[Filters];
        for (int filter = 0; filter < Filters; filter++)
        {
            mean[filter] = (float)(means[filter] / frames);
        }

        for (int frame = 0; frame < frames; frame++)
        {
            ReadOnlySpan<float> row = features.Slice(frame * Filters, Filters);
            Span<float> target = normalized.Slice(frame * Filters, Filters);
            for (int filter = 0; filter < Filters; filter++)
            {
                target[filter] = row[filter] - mean[filter];
            }
        }
    }

    private readonly struct Framing : IFraming
    {
        private static readonly double[] Window =
            Arrays.Make(KaldiFilterBank.FrameLength, i => 0.54 - (0.46 * Math.Cos(2 * Math.PI * i / (KaldiFilterBank.FrameLength - 1))));

        public static int FrameLength => KaldiFilterBank.FrameLength;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Shape(Span<Vector<double>> frames)
        {
            double[] window = Window;
            Vector<double> sum = Vector<double>.Zero;
            foreach (Vector<double> value in frames)
            {
                sum += value;
            }

            Vector<double> mean = sum / frames.Length;
            Vector<double> previous = frames[0] - mean;
            for (int i = 0; i < frames.Length; i++)
            {
                Vector<double> value = frames[i] - mean;
                frames[i] = (value - (previous * PreEmphasis)) * (SampleScale * window[i]);
                previous = value;
            }
        }
    }
}
