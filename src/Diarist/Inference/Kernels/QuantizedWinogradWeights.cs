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
    /// <summary>Rows of Bᵀ: the sums of their positive and of their negative elements. Inputs are never negative, so these bound what they make.</summary>
    private static readonly (int Positive, int Negative)[] Rows = [(5, 5), (2, 8), (5, 5), (3, 3), (3, 3), (5, 5)];

    private readonly PairMatrix[] _matrices = new PairMatrix[WinogradWeights.Positions];
    private readonly AlignedBuffer _scales;
    private readonly AlignedBuffer _bias;

    /// <summary>Transforms, quantises and packs a layer.</summary>
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

        // The 36 planes are written side by side; a power of two apart, they would share the same few lines of the caches.
        int plane = (Inputs * Outputs) + 16;
        using AlignedBuffer transformed = AlignedBuffer.Rent(WinogradWeights.Positions * plane);
        fixed (float* filters = weights, steps = inputSteps)
        {
            Transform(filters, steps, transformed.Pointer, plane);
        }

        var quantized = new short[Inputs * Outputs];
        for (int position = 0; position < WinogradWeights.Positions; position++)
        {
            Quantize(transformed.Span.Slice(position * plane, quantized.Length), position, outputSteps, quantized);
            _matrices[position] = new PairMatrix(Inputs, Outputs, quantized, instructions);
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

    /// <summary>G·g·Gᵀ of all filters times the steps of their inputs, into 36 planes of (inputs, outputs).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform(float* filters, float* inputSteps, float* transformed, nint plane)
    {
        int count = Vector<float>.Count;
        double* gathered = stackalloc double[WinogradWeights.Taps * count];
        float* results = stackalloc float[WinogradWeights.Positions * count];
        for (int output = 0; output < Outputs; output += count)
        {
            for (int input = 0; input < Inputs; input++)
            {
                for (int i = 0; i < count; i++)
                {
                    float* filter = filters + ((((nint)(output + i) * Inputs) + input) * WinogradWeights.Taps);
                    for (int tap = 0; tap < WinogradWeights.Taps; tap++)
                    {
                        gathered[(tap * count) + i] = (double)filter[tap] * inputSteps[input];
                    }
                }

                WinogradWeights.Transform(gathered, count, results);
                float* place = transformed + ((nint)input * Outputs) + output;
                for (int position = 0; position < WinogradWeights.Positions; position++)
                {
                    Vector.Store(Vector.Load(results + (position * count)), place + (position * plane));
                }
            }
        }
    }

    /// <summary>Finds the scales of a position and rounds its weights to them.</summary>
    /// <param name="values">Shape (inputs, outputs).</param>
    /// <param name="position">The position.</param>
    /// <param name="outputSteps">What a unit of each output channel is.</param>
    /// <param name="quantized">Receives shape (inputs, outputs).</param>
    private void Quantize(ReadOnlySpan<float> values, int position, ReadOnlySpan<float> outputSteps, Span<short> quantized)
    {
        var sums = new double[Outputs];
        var largest = new float[Outputs];
        for (int i = 0; i < values.Length; i += Outputs)
        {
            for (int output = 0; output < sums.Length; output++)
            {
                float magnitude = Math.Abs(values[i + output]);
                largest[output] = Math.Max(largest[output], magnitude);
                sums[output] += magnitude;
            }
        }

        // Rounding adds at most a half to each weight.
        double room = ((double)int.MaxValue / LargestInput(position)) - (Inputs / 2.0);
        var inverse = new float[Outputs];
        for (int output = 0; output < inverse.Length; output++)
        {
            double step = Math.Max(Math.Max(largest[output] / (short.MaxValue - 1.0), sums[output] / room), 1e-30);
            _scales.Span[(position * Outputs) + output] = (float)(step / outputSteps[output]);
            inverse[output] = (float)(1 / step);
        }

        for (int i = 0; i < values.Length; i += Outputs)
        {
            for (int output = 0; output < inverse.Length; output++)
            {
                quantized[i + output] = (short)MathF.Round(values[i + output] * inverse[output]);
            }
        }
    }
}
