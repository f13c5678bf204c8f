using System.Numerics;
using Diarist.Segmentation;

namespace Diarist.Features;

/// <summary>
/// The log mel spectrogram of the voxsv embedder: frames of 512 samples every 160, not centred; periodic Hann window of
/// 400 in their middle, power spectrum, 80 HTK mel filters from 20 to 7600 Hz without normalisation (as torchaudio's
/// MelSpectrogram), natural logarithm with floor 1e-9.
/// </summary>
internal sealed class LogMelSpectrogram
{
    /// <summary>The number of filters.</summary>
    public const int Filters = 80;

    /// <summary>Samples from one frame to the next.</summary>
    public const int Hop = LogMelAnalyzer<Framing>.Hop;

    /// <summary>Samples of a frame.</summary>
    public const int FrameLength = 512;

    private const int WindowLength = 400;

    private readonly LogMelAnalyzer<Framing> _analyzer = new(
        new Framing(), MelFilterBank.Htk(Filters, 20, 7600, SlidingWindow.SampleRate, FrameLength), FrameLength, floor: 1e-9);

    /// <summary>The number of frames of <paramref name="samples"/> samples: 127 for 20 720.</summary>
    public static int FrameCount(int samples) => LogMelAnalyzer<Framing>.FrameCount(samples);

    /// <summary>Computes the spectrogram.</summary>
    /// <param name="samples">Mono 16 kHz audio in [−1, 1].</param>
    /// <param name="logMel">Receives shape (<see cref="FrameCount"/>, <see cref="Filters"/>).</param>
    public void Compute(ReadOnlySpan<float> samples, Span<float> logMel) => _analyzer.Compute(samples, logMel);

    private readonly struct Framing : IFraming
    {
        private static readonly double[] Window = [.. Enumerable.Range(-((LogMelSpectrogram.FrameLength - WindowLength) / 2), LogMelSpectrogram.FrameLength)
            .Select(i => i is >= 0 and < WindowLength ? 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / WindowLength)) : 0)];

        public static int FrameLength => LogMelSpectrogram.FrameLength;

        public void Shape(Span<Vector<double>> frames)
        {
            for (int i = 0; i < frames.Length; i++)
            {
                frames[i] *= Window[i];
            }
        }
    }
}
