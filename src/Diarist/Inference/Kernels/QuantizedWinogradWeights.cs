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
    /// <param name="inputs">Input channels.</param>
    /// <param name="inputStep">What a unit of the input is.</param>
    /// <param name="outputStep">What a unit of the output is.</param>
    /// <param name="instructions">The instructions that will run.</param>
    public QuantizedWinogradWeights(float[] weights, ReadOnlySpan<float> bias, int inputs, double inputStep, double outputStep, IntegerInstructions instructions)
    {
        (Inputs, Outputs, Instructions) = (inputs, bias.Length, instructions);
        const int positions = WinogradWeights.Positions;
        _scales = AlignedBuffer.Allocate(positions * Outputs);
        _bias = AlignedBuffer.Allocate(Outputs);
        var transformed = new double[positions];
        var all = new double[positions, inputs, Outputs];
        for (int output = 0; output < Outputs; output++)
        {
            _bias.Span[output] = (float)(bias[output] / outputStep);
            for (int input = 0; input < inputs; input++)
            {
                WinogradWeights.Transform(weights.AsSpan(((output * inputs) + input) * 9, 9), transformed);
                for (int position = 0; position < positions; position++)
                {
                    all[position, input, output] = transformed[position];
                }
            }
        }

        var quantized = new short[inputs * Outputs];
        for (int position = 0; position < positions; position++)
        {
            for (int output = 0; output < Outputs; output++)
            {
                double largest = 0, sum = 0;
                for (int input = 0; input < inputs; input++)
                {
                    double magnitude = Math.Abs(all[position, input, output]);
                    largest = Math.Max(largest, magnitude);
                    sum += magnitude;
                }

                // Rounding adds at most a half to each weight.
                double room = ((double)int.MaxValue / LargestInput(position)) - (inputs / 2.0);
                double step = Math.Max(Math.Max(largest / short.MaxValue, sum / room), 1e-30);
                _scales.Span[(position * Outputs) + output] = (float)(step * inputStep / outputStep);
                for (int input = 0; input < inputs; input++)
                {
                    quantized[(input * Outputs) + output] = (short)Math.Round(all[position, input, output] / step);
                }
            }

            _matrices[position] = new PairMatrix(inputs, Outputs, quantized, instructions);
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
}
