using System.Numerics;
using BenchmarkDotNet.Attributes;
using Diarist.Features;
using Diarist.Segmentation;

namespace Diarist.Benchmarks;

/// <summary>The front ends over a window of 10 s, and the transform inside them.</summary>
public class FeatureBenchmarks
{
    private const int FftLength = 512;

    private readonly KaldiFilterBank _filterBank = new();
    private readonly RealFft _fft = new(FftLength);
    private readonly float[] _samples = Kernels.Noise(SlidingWindow.WindowSamples).Span.ToArray();
    private readonly float[] _features = new float[KaldiFilterBank.FrameCount(SlidingWindow.WindowSamples) * KaldiFilterBank.Filters];
    private readonly Vector<double>[] _frames = new Vector<double>[FftLength];
    private readonly Vector<double>[] _power = new Vector<double>[(FftLength / 2) + 1];

    /// <summary>WeSpeaker's filter bank: 998 frames.</summary>
    [Benchmark]
    public void FilterBank() => _filterBank.Compute(_samples, _features);

    /// <summary>Power spectra of as many frames as a vector has lanes.</summary>
    [Benchmark]
    public void PowerSpectrum()
    {
        _frames.AsSpan().Fill(Vector<double>.One);
        _fft.PowerSpectrum(_frames, _power);
    }
}
