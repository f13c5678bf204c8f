using Diarist.Inference;
using Diarist.Inference.Kernels;

namespace Diarist.Networks.Silero;

/// <summary>
/// The part of Silero VAD that needs no memory, for a block of steps at once:
/// <code>
/// 64 + 512 samples, mirrored 64 to the right → short-time Fourier transform (256 samples, hop 128): 4 frames × 129 bins → magnitudes
///   → conv 129→128 → conv 128→64, stride 2 → conv 64→64, stride 2 → conv 64→128, each 3 taps, padding 1, ReLU: 1 frame
/// </code>
/// Each frame of a layer is one product over all steps of the block. A tap that always falls on padding is left out: its
/// weights are not multiplied by zeros, they are not touched. The transform's cosines are even and its sines odd about the
/// middle of a frame, so that the frame is folded there and half of the products are enough.
/// </summary>
internal sealed unsafe class SileroEncoder
{
    /// <summary>Features of a step.</summary>
    public const int Outputs = 128;

    private const int Mirrored = 64, Padded = SileroVad.ContextSamples + SileroVad.StepSamples + Mirrored;
    private const int Frames = 4, FrameSamples = 256, Hop = 128;
    private const int Bins = (FrameSamples / 2) + 1, PaddedBins = 144;
    private const int Folded = FrameSamples / 2;
    private const int Taps = 3, Wide = 128, Narrow = 64;

    private readonly PackedMatrix _cosines, _sines;
    private readonly PackedMatrix _first, _firstAtStart, _firstAtEnd;
    private readonly PackedMatrix _second, _secondAtStart;
    private readonly PackedMatrix _third;
    private readonly PackedMatrix _fourth;

    /// <summary>Packs the weights for the tiles of a lane width.</summary>
    public SileroEncoder(Weights weights, LaneWidth? width)
    {
        (_cosines, _sines) = FoldBasis(weights, width);
        _first = Pack(weights, "conv1", Bins, Wide, 0, Taps, width);
        _firstAtStart = _first.Slice(Bins, 2 * Bins);
        _firstAtEnd = _first.Slice(0, 2 * Bins);
        _second = Pack(weights, "conv2", Wide, Narrow, 0, Taps, width);
        _secondAtStart = _second.Slice(Wide, 2 * Wide);

        // Two frames enter the third layer and one the fourth: only these taps ever meet a frame.
        _third = Pack(weights, "conv3", Narrow, Narrow, 1, 2, width);
        _fourth = Pack(weights, "conv4", Narrow, Wide, 1, 1, width);
    }

    /// <summary>Computes the features of a block of steps.</summary>
    /// <param name="audio">64 samples of context, then 512 for each step.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="features">(steps, <see cref="Outputs"/>).</param>
    public void Run(float* audio, int steps, float* features)
    {
        using AlignedBuffer folded = AlignedBuffer.Rent(steps * Frames * 2 * Folded);
        using AlignedBuffer spectra = AlignedBuffer.Rent(steps * Frames * 2 * PaddedBins);
        using AlignedBuffer magnitudes = AlignedBuffer.Rent(steps * Frames * PaddedBins);
        FoldFrames(audio, steps, folded.Pointer);
        LeftMatrix sums = new(folded.Pointer, steps * Frames, Folded, 2 * Folded), differences = new(folded.Pointer + Folded, steps * Frames, Folded, 2 * Folded);
        Gemm.Multiply(sums, _cosines, spectra.Pointer, 2 * PaddedBins);
        Gemm.Multiply(differences, _sines, spectra.Pointer + PaddedBins, 2 * PaddedBins);
        _first.Width.Run(new Magnitude(spectra.Pointer, magnitudes.Pointer, steps * Frames, PaddedBins));

        // Samples and spectra have done their work; the layers go back and forth between their buffers.
        float* wide = spectra.Pointer, narrow = folded.Pointer;
        for (int frame = 0; frame < Frames; frame++)
        {
            (int from, int taps, PackedMatrix weights) = frame switch
            {
                0 => (0, 2, _firstAtStart),
                Frames - 1 => (Frames - 2, 2, _firstAtEnd),
                _ => (frame - 1, Taps, _first),
            };
            LeftMatrix rows = new(magnitudes.Pointer + (from * PaddedBins), steps, Frames * PaddedBins, taps, Bins, PaddedBins);
            Gemm.Multiply(rows, weights, wide + (frame * Wide), Frames * Wide, Gemm.Relu);
        }

        Gemm.Multiply(new LeftMatrix(wide, steps, 2 * Wide, Frames * Wide), _secondAtStart, narrow, 2 * Narrow, Gemm.Relu);
        Gemm.Multiply(new LeftMatrix(wide + Wide, steps, Taps * Wide, Frames * Wide), _second, narrow + Narrow, 2 * Narrow, Gemm.Relu);
        Gemm.Multiply(new LeftMatrix(narrow, steps, 2 * Narrow, 2 * Narrow), _third, magnitudes.Pointer, Narrow, Gemm.Relu);
        Gemm.Multiply(new LeftMatrix(magnitudes.Pointer, steps, Narrow, Narrow), _fourth, features, Outputs, Gemm.Relu);
    }

    /// <summary>
    /// Gives every step its 640 samples (context, step, and the last 64 before the last one mirrored), and folds its four frames:
    /// (steps · frames, 128 sums then 128 differences) of samples n and 256 − n for n = 1 … 128.
    /// </summary>
    private void FoldFrames(float* audio, int steps, float* folded)
    {
        const int seen = SileroVad.ContextSamples + SileroVad.StepSamples;
        float* padded = stackalloc float[Padded], reversed = stackalloc float[Padded];
        Span<float> row = new(padded, Padded), mirror = new(reversed, Padded);
        for (int step = 0; step < steps; step++)
        {
            new ReadOnlySpan<float>(audio + (step * SileroVad.StepSamples), seen).CopyTo(row);
            row.Slice(seen - 1 - Mirrored, Mirrored).CopyTo(row[seen..]);
            row.Slice(seen, Mirrored).Reverse();
            row.CopyTo(mirror);
            mirror.Reverse();
            for (int frame = 0; frame < Frames; frame++)
            {
                // Sample 256 − n of the frame is sample 640 − 1 − (start + 256 − n) of the reversed row.
                int start = frame * Hop;
                float* to = folded + ((nint)((step * Frames) + frame) * 2 * Folded);
                _first.Width.Run(new Fold(padded + start + 1, reversed + (Padded - start - FrameSamples), to, to + Folded, Folded));
            }
        }
    }

    /// <summary>The transform's weights for n = 1 … 128 and 129 bins; sample 128 meets itself, so its weight is halved.</summary>
    private static (PackedMatrix Cosines, PackedMatrix Sines) FoldBasis(Weights weights, LaneWidth? width)
    {
        float[] basis = weights.Get("stft_conv.weight", 2 * Bins, 1, FrameSamples).Data;
        float At(int row, int sample) => basis[(row * FrameSamples) + sample];
        for (int row = 0; row < 2 * Bins; row++)
        {
            float sign = row < Bins ? 1 : -1, asymmetry = Math.Abs(At(row, 0));
            for (int sample = 1; sample < FrameSamples; sample++)
            {
                asymmetry = Math.Max(asymmetry, Math.Abs(At(row, sample) - (sign * At(row, FrameSamples - sample))));
            }

            if (!(asymmetry < 1e-5f))
            {
                throw weights.Error("stft_conv.weight", "is not a windowed Fourier basis, even and odd about its middle; the file belongs to another network");
            }
        }

        PackedMatrix Half(int firstRow) => new(
            Folded, PaddedBins, (n, bin) => bin >= Bins ? 0 : At(firstRow + bin, n + 1) * (n == Folded - 1 ? 0.5f : 1), default, width);
        return (Half(0), Half(Bins));
    }

    private static PackedMatrix Pack(Weights weights, string name, int inputs, int outputs, int firstTap, int taps, LaneWidth? width)
    {
        float[] kernel = weights.Get(name + ".weight", outputs, inputs, Taps).Data, bias = weights.Get(name + ".bias", outputs).Data;
        return new PackedMatrix(
            kernel,
            PackedMatrix.Places(taps * inputs, row => (row % inputs * Taps) + firstTap + (row / inputs)),
            PackedMatrix.Places(outputs, inputs * Taps),
            bias,
            width);
    }

    /// <summary>√(re² + im²) of rows that hold the real parts, then the imaginary ones.</summary>
    private readonly struct Magnitude(float* spectra, float* magnitudes, int rows, int bins) : ILaneOperation
    {
        public void Run<V>()
            where V : unmanaged, ILanes<V>
        {
            for (int row = 0; row < rows; row++)
            {
                float* real = spectra + ((nint)row * 2 * bins), imaginary = real + bins, to = magnitudes + ((nint)row * bins);
                for (int bin = 0; bin < bins; bin += V.Count)
                {
                    V re = V.Load(real + bin), im = V.Load(imaginary + bin);
                    V.Store(V.Sqrt(V.MultiplyAdd(re, re, im * im)), to + bin);
                }
            }
        }
    }
}
