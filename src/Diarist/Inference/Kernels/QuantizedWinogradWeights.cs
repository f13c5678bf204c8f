using System.Numerics;
using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// The weights of a 3×3 convolution over bytes in Winograd's domain: for each of the 36 positions a matrix of 16-bit integers and a
/// scale for each output. A scale is as small as it may be for no sum to overflow 32 bits whatever the input is, which
/// leaves 11 to 14 bits for a weight.
/// </summary>
internal sealed unsafe class QuantizedWinogradWeights
{
    /// <summary>Outputs that are transformed and quantized at once: layers have multiples of it.</summary>
    private const int OutputsAtOnce = 32;

    /// <summary>Rows of Bᵀ: the sums of their positive and of their negative elements. Inputs are never negative, so these bound what they make.</summary>
    private static readonly (int Positive, int Negative)[] Rows = [(5, 5), (2, 8), (5, 5), (3, 3), (3, 3), (5, 5)];

    private readonly PairMatrix[] _matrices = new PairMatrix[WinogradWeights.Positions];
    private readonly AlignedBuffer _scales;
    private readonly AlignedBuffer _bias;

    /// <summary>Transforms, quantizes and packs a layer.</summary>
    /// <param name="weights">Shape (outputs, inputs, 3, 3).</param>
    /// <param name="bias">Shape (outputs).</param>
    /// <param name="inputSteps">What a unit of each input channel is.</param>
    /// <param name="outputSteps">What a unit of each output channel is.</param>
    /// <param name="instructions">The instructions that will run.</param>
    public QuantizedWinogradWeights(
        ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> inputSteps, ReadOnlySpan<float> outputSteps, IntegerInstructions instructions)
    {
        (Inputs, Outputs, Instructions) = (inputSteps.Length, outputSteps.Length, instructions);
        _scales = AlignedBuffer.Allocate(WinogradWeights.Positions * Outputs);
        _bias = AlignedBuffer.Allocate(Outputs);
        for (int output = 0; output < Outputs; output++)
        {
            _bias.Span[output] = bias[output] / outputSteps[output];
        }

        for (int position = 0; position < WinogradWeights.Positions; position++)
        {
            _matrices[position] = new PairMatrix(Inputs, Outputs, instructions);
        }

        // Some outputs at a time, so that what is between the filters and the matrices stays in the cache of a core. The 36 planes are
        // written side by side; a power of two apart, they would share the same few lines of it.
        int plane = (Inputs * OutputsAtOnce) + 16;
        using AlignedBuffer transformed = AlignedBuffer.Rent(WinogradWeights.Positions * plane);
        var quantized = new short[Inputs * OutputsAtOnce];
        fixed (float* filters = weights, steps = inputSteps)
        {
            for (int first = 0; first < Outputs; first += OutputsAtOnce)
            {
                Transform(filters, steps, first, transformed.Pointer, plane);
                for (int position = 0; position < WinogradWeights.Positions; position++)
                {
                    Quantize(transformed.Pointer + (position * plane), position, first, outputSteps, quantized);
                    _matrices[position].Pack(first, OutputsAtOnce, quantized);
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

    /// <summary>G·g·Gᵀ of the filters of 32 outputs times the steps of their inputs, into 36 planes of (inputs, 32).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform(float* filters, float* inputSteps, int firstOutput, float* transformed, nint plane)
    {
        int count = Vector<float>.Count;
        float* taps = stackalloc float[WinogradWeights.Taps * count];
        double* gathered = stackalloc double[WinogradWeights.Taps * count];
        float* results = stackalloc float[WinogradWeights.Positions * count];
        for (int output = 0; output < OutputsAtOnce; output += count)
        {
            for (int input = 0; input < Inputs; input++)
            {
                for (int i = 0; i < count; i++)
                {
                    float* filter = filters + ((((nint)(firstOutput + output + i) * Inputs) + input) * WinogradWeights.Taps);
                    for (int tap = 0; tap < WinogradWeights.Taps; tap++)
                    {
                        taps[(tap * count) + i] = filter[tap];
                    }
                }

                Vector<double> step = Vector.Create((double)inputSteps[input]);
                for (int tap = 0; tap < WinogradWeights.Taps * count; tap += count)
                {
                    Vector.Widen(Vector.Load(taps + tap), out Vector<double> low, out Vector<double> high);
                    Vector.Store(low * step, gathered + tap);
                    Vector.Store(high * step, gathered + tap + Vector<double>.Count);
                }

                WinogradWeights.Transform(gathered, count, results);
                float* place = transformed + ((nint)input * OutputsAtOnce) + output;
                for (int position = 0; position < WinogradWeights.Positions; position++)
                {
                    Vector.Store(Vector.Load(results + (position * count)), place + (position * plane));
                }
            }
        }
    }

    /// <summary>Finds the scales of 32 outputs at a position and rounds their weights to them.</summary>
    /// <param name="values">Shape (inputs, 32).</param>
    /// <param name="position">The position.</param>
    /// <param name="firstOutput">The first of the outputs.</param>
    /// <param name="outputSteps">What a unit of each output channel is.</param>
    /// <param name="quantized">Receives shape (inputs, 32).</param>
    private void Quantize(float* values, int position, int firstOutput, ReadOnlySpan<float> outputSteps, Span<short> quantized)
    {
        double* sums = stackalloc double[OutputsAtOnce];
        float* largest = stackalloc float[OutputsAtOnce];
        float* inverse = stackalloc float[OutputsAtOnce];
        Measure(values, largest, sums);

        // Rounding adds at most a half to each weight.
        double room = ((double)int.MaxValue / LargestInput(position)) - (Inputs / 2.0);
        for (int i = 0; i < OutputsAtOnce; i++)
        {
            double step = Math.Max(Math.Max(largest[i] / (short.MaxValue - 1.0), sums[i] / room), 1e-30);
            _scales.Span[(position * Outputs) + firstOutput + i] = (float)(step / outputSteps[firstOutput + i]);
            inverse[i] = (float)(1 / step);
        }

        fixed (short* target = quantized)
        {
            Round(values, inverse, target);
        }
    }

    /// <summary>The largest magnitude of each column and the sum of its magnitudes, added in the order of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Measure(float* values, float* largest, double* sums)
    {
        float* end = values + ((nint)Inputs * OutputsAtOnce);
        for (int column = 0; column < OutputsAtOnce; column += Vector<float>.Count)
        {
            Vector<float> greatest = Vector<float>.Zero;
            Vector<double> lower = Vector<double>.Zero, upper = Vector<double>.Zero;
            for (float* row = values + column; row < end; row += OutputsAtOnce)
            {
                Vector<float> magnitude = Vector.Abs(Vector.Load(row));
                greatest = Vector.Max(greatest, magnitude);
                Vector.Widen(magnitude, out Vector<double> low, out Vector<double> high);
                lower += low;
                upper += high;
            }

            Vector.Store(greatest, largest + column);
            Vector.Store(lower, sums + column);
            Vector.Store(upper, sums + column + Vector<double>.Count);
        }
    }

    /// <summary>Rounds values times their column's factor to integers, halves to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Round(float* values, float* factors, short* rounded)
    {
        int count = Vector<float>.Count;
        for (nint row = 0; row < (nint)Inputs * OutputsAtOnce; row += OutputsAtOnce)
        {
            for (int column = 0; column < OutputsAtOnce; column += 2 * count)
            {
                float* at = values + row + column;
                Vector<int> low = Vector.ConvertToInt32(Vector.Round(Vector.Load(at) * Vector.Load(factors + column)));
                Vector<int> high = Vector.ConvertToInt32(Vector.Round(Vector.Load(at + count) * Vector.Load(factors + column + count)));
                Vector.Store(Vector.Narrow(low, high), rounded + row + column);
            }
        }
    }
}
