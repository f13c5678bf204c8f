using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Diarist.Inference.Kernels;

/// <summary>
/// The weights of a 3×3 convolution over bytes in Winograd's domain: for each of the 36 positions a matrix of 16-bit integers and a
/// scale for each output. A scale is as small as it may be for no sum to overflow 32 bits whatever the input is, which
/// leaves 11 to 14 bits for a weight.
/// </summary>
internal sealed unsafe class QuantizedWinogradWeights
{
    private const int OutputsAtOnce = FilterColumns.Outputs;

    /// <summary>Rows of Bᵀ: the sums of their positive and of their negative elements. Inputs are never negative, so these bound what they make.</summary>
    private static readonly (int Positive, int Negative)[] Rows = [(5, 5), (2, 8), (5, 5), (3, 3), (3, 3), (5, 5)];

    private readonly PairMatrix[] _matrices;
    private readonly AlignedBuffer _scales;
    private readonly AlignedBuffer _bias;

    /// <summary>Transforms, quantizes and packs a layer.</summary>
    /// <param name="weights">Shape (outputs, inputs, 3, 3).</param>
    /// <param name="bias">Shape (outputs).</param>
    /// <param name="inputSteps">What a unit of each input channel is.</param>
    /// <param name="outputSteps">What a unit of each output channel is.</param>
    /// <param name="instructions">The instructions that will run.</param>
    public QuantizedWinogradWeights(
        StoredTensor weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> inputSteps, ReadOnlySpan<float> outputSteps, IntegerInstructions instructions)
    {
        (Inputs, Outputs, Instructions) = (inputSteps.Length, outputSteps.Length, instructions);
        _scales = AlignedBuffer.Allocate(WinogradWeights.Positions * Outputs);
        _bias = AlignedBuffer.Allocate(Outputs);
        for (int output = 0; output < Outputs; output++)
        {
            _bias.Span[output] = bias[output] / outputSteps[output];
        }

        _matrices = PairMatrix.Several(WinogradWeights.Positions, Inputs, Outputs, instructions);

        // Some outputs at a time, so that what is between the filters and the matrices stays in the cache of a core. The 36 planes are
        // written side by side; a power of two apart, they would share the same few lines of it.
        int plane = (Inputs * OutputsAtOnce) + 16;
        using var filters = new FilterColumns(weights, Inputs * WinogradWeights.Taps);
        using AlignedBuffer transformed = AlignedBuffer.Rent(WinogradWeights.Positions * plane);
        float* inverse = stackalloc float[OutputsAtOnce];
        var measures = new Measures();
        fixed (float* steps = inputSteps, toSteps = outputSteps)
        {
            for (int first = 0; first < Outputs; first += OutputsAtOnce)
            {
                measures.Clear();
                Transform(filters.Of(first), steps, transformed.Pointer, plane, measures);
                for (int position = 0; position < WinogradWeights.Positions; position++)
                {
                    Scale(position, measures, _scales.Pointer + (position * Outputs) + first, toSteps + first, inverse);
                    _matrices[position].PackRounded(first, OutputsAtOnce, transformed.Pointer + (position * plane), inverse);
                }
            }
        }
    }

    /// <summary>Input channels.</summary>
    public int Inputs { get; }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>The instructions that they are packed for.</summary>
    public IntegerInstructions Instructions { get; }

    /// <summary>What the sums are multiplied with, (36, outputs), to be in units of the output's step.</summary>
    public float* Scales => _scales.Pointer;

    /// <summary>The biases in units of the output's step.</summary>
    public float* Bias => _bias.Pointer;

    /// <summary>The matrix of a position.</summary>
    public PairMatrix this[int position] => _matrices[position];

    /// <summary>The largest magnitude that the transform of bytes has at a position; at most 17 340, so it fits 16 bits.</summary>
    internal static int LargestInput(int position)
    {
        (int p, int n) = Rows[position / 6];
        (int q, int m) = Rows[position % 6];
        return byte.MaxValue * Math.Max((p * q) + (n * m), (p * m) + (n * q));
    }

    // Apart, so that only what depends on the processor is left to be compiled at run time, where the rest was compiled ahead.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Transform(float* filters, float* inputSteps, float* transformed, nint plane, Measures measures)
    {
        if (Avx512F.IsSupported)
        {
            Transform<Doubles8>(filters, inputSteps, transformed, plane, measures);
        }
        else if (Avx.IsSupported)
        {
            Transform<Doubles4>(filters, inputSteps, transformed, plane, measures);
        }
        else
        {
            Transform<Doubles1>(filters, inputSteps, transformed, plane, measures);
        }
    }

    /// <summary>
    /// G·g·Gᵀ of the filters of 32 outputs times the steps of their inputs, as float32 into 36 planes of (inputs, 32), and what their scales
    /// depend on. G: see <see cref="WinogradWeights"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform<V>(float* filters, float* inputSteps, float* transformed, nint plane, Measures measures)
        where V : unmanaged, IDoubleLanes<V>
    {
        const nint row = 3 * OutputsAtOnce;
        V* half = stackalloc V[18];
        V* line = stackalloc V[6];
        for (int input = 0; input < Inputs; input++, filters += WinogradWeights.Taps * OutputsAtOnce, transformed += OutputsAtOnce)
        {
            V step = V.Broadcast(inputSteps[input]);
            for (int output = 0; output < OutputsAtOnce; output += V.Count)
            {
                for (int x = 0; x < 3; x++)
                {
                    float* tap = filters + (x * OutputsAtOnce) + output;
                    Multiply(V.Widen(tap) * step, V.Widen(tap + row) * step, V.Widen(tap + (2 * row)) * step, half + x, 3);
                }

                float* place = transformed + output;
                double* largest = measures.Largest + output, sums = measures.Sums + output;
                for (int i = 0; i < 18; i += 3)
                {
                    Multiply(half[i], half[i + 1], half[i + 2], line, 1);
                    for (int j = 0; j < 6; j++, place += plane, largest += OutputsAtOnce, sums += OutputsAtOnce)
                    {
                        V.Narrow(line[j], place);
                        V magnitude = V.Abs(V.Widen(place));
                        V.Store(V.Max(V.Load(largest), magnitude), largest);
                        V.Store(V.Load(sums) + magnitude, sums);
                    }
                }
            }
        }
    }

    /// <summary>G·(a, b, c).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<V>(V a, V b, V c, V* products, int stride)
        where V : unmanaged, IDoubleLanes<V>
    {
        V even = (a * V.Broadcast(1 / 24.0)) + (c * V.Broadcast(1 / 6.0)), outer = (a + c) * V.Broadcast(-1 / 6.0);
        V sixth = b * V.Broadcast(1 / 6.0), twelfth = b * V.Broadcast(1 / 12.0);
        products[0] = a * V.Broadcast(1 / 4.0);
        products[stride] = outer - sixth;
        products[2 * stride] = outer + sixth;
        products[3 * stride] = even + twelfth;
        products[4 * stride] = even - twelfth;
        products[5 * stride] = c;
    }

    /// <summary>The scales of 32 outputs at a position, and their inverses.</summary>
    /// <param name="position">The position.</param>
    /// <param name="measures">Of the values there.</param>
    /// <param name="scales">Receives 32 scales.</param>
    /// <param name="outputSteps">What a unit of each of the 32 output channels is.</param>
    /// <param name="inverse">Receives what the weights are multiplied with to be integers.</param>
    private void Scale(int position, Measures measures, float* scales, float* outputSteps, float* inverse)
    {
        // Rounding adds at most a half to each weight.
        double room = ((double)int.MaxValue / LargestInput(position)) - (Inputs / 2.0);
        for (int i = 0; i < OutputsAtOnce; i++)
        {
            int at = (position * OutputsAtOnce) + i;
            double step = Math.Max(Math.Max(measures.Largest[at] / (short.MaxValue - 1.0), measures.Sums[at] / room), 1e-30);
            scales[i] = (float)(step / outputSteps[i]);
            inverse[i] = (float)(1 / step);
        }
    }

    /// <summary>For each position and each of 32 outputs the largest magnitude and the sum of magnitudes, added in the order of the inputs.</summary>
    private sealed class Measures
    {
        private readonly double[] _values = GC.AllocateArray<double>(2 * WinogradWeights.Positions * OutputsAtOnce, pinned: true);

        public double* Largest => (double*)Unsafe.AsPointer(ref _values[0]);

        public double* Sums => Largest + (WinogradWeights.Positions * OutputsAtOnce);

        public void Clear() => Array.Clear(_values);
    }
}
