using System.Numerics;
using System.Runtime.CompilerServices;

namespace Diarist.Features;

/// <summary>What a front end does to the samples of a frame before their spectrum is taken.</summary>
internal interface IFraming
{
    /// <summary>Samples that a frame spans.</summary>
    static abstract int FrameLength { get; }

    /// <summary>Shapes frames in place, shape (<see cref="FrameLength"/>), one frame in each lane.</summary>
    void Shape(Span<Vector<double>> frames);
}

/// <summary>
/// Logarithms of mel energies of overlapping frames: shape (frames, filters), as many frames at a time as
/// <see cref="Vector{T}"/> has lanes of double.
/// </summary>
/// <param name="framing">Shapes a frame before its spectrum is taken.</param>
/// <param name="filters">The filters.</param>
/// <param name="fftLength">The length of the transform; frames are padded with zeros at their end.</param>
/// <param name="floor">Energies below this count as this.</param>
internal sealed class LogMelAnalyzer<TFraming>(TFraming framing, MelFilterBank filters, int fftLength, double floor)
    where TFraming : IFraming
{
    /// <summary>Samples from one frame to the next: 10 ms at 16 kHz.</summary>
    public const int Hop = 160;

    private readonly RealFft _fft = new(fftLength);

    /// <summary>The number of frames that lie wholly within <paramref name="samples"/> samples.</summary>
    public static int FrameCount(int samples) => samples < TFraming.FrameLength ? 0 : 1 + ((samples - TFraming.FrameLength) / Hop);

    /// <summary>Analyses all frames.</summary>
    /// <param name="samples">Mono 16 kHz audio.</param>
    /// <param name="logMel">Receives shape (<see cref="FrameCount"/>, filters).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute(ReadOnlySpan<float> samples, Span<float> logMel)
    {
        int lanes = Vector<double>.Count;
        int count = FrameCount(samples.Length);
        Span<Vector<double>> frames = stackalloc Vector<double>[fftLength];
        Span<Vector<double>> power = stackalloc Vector<double>[(fftLength / 2) + 1];
        Span<Vector<double>> energies = stackalloc Vector<double>[filters.Count];
        for (int first = 0; first < count; first += lanes)
        {
            // Past the last frame its neighbours' lanes repeat it; they are not stored.
            Gather(samples[(first * Hop)..], Math.Min(lanes, count - first), frames);
            framing.Shape(frames[..TFraming.FrameLength]);
            frames[TFraming.FrameLength..].Clear();
            _fft.PowerSpectrum(frames, power);
            filters.Apply(power, energies);
            for (int filter = 0; filter < filters.Count; filter++)
            {
                Vector<double> logarithm = Vector.Log(Vector.Max(energies[filter], new Vector<double>(floor)));
                for (int lane = 0; lane < lanes && first + lane < count; lane++)
                {
                    logMel[((first + lane) * filters.Count) + filter] = (float)logarithm[lane];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(ReadOnlySpan<float> samples, int available, Span<Vector<double>> frames)
    {
        int lanes = Vector<double>.Count;
        Span<double> values = System.Runtime.InteropServices.MemoryMarshal.Cast<Vector<double>, double>(frames);
        for (int lane = 0; lane < lanes; lane++)
        {
            ReadOnlySpan<float> frame = samples.Slice(Math.Min(lane, available - 1) * Hop, TFraming.FrameLength);
            for (int i = 0; i < frame.Length; i++)
            {
                values[(i * lanes) + lane] = frame[i];
            }
        }
    }
}
