using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>The weights of a 3×3 convolution in Winograd's domain: for each of the 36 positions a matrix (inputs × outputs).</summary>
internal sealed unsafe class WinogradWeights
{
    /// <summary>Positions of a transformed 6×6 tile.</summary>
    public const int Positions = 36;

    private readonly PackedMatrix[] _matrices = new PackedMatrix[Positions];
    private readonly AlignedBuffer _bias;

    /// <summary>Transforms and packs a layer.</summary>
    /// <param name="weights">Shape (outputs, inputs, 3, 3).</param>
    /// <param name="bias">Shape (outputs).</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="width">The lane width.</param>
    public WinogradWeights(float[] weights, ReadOnlySpan<float> bias, int inputs, LaneWidth width)
    {
        (Inputs, Outputs, Width) = (inputs, bias.Length, width);
        _bias = AlignedBuffer.Allocate(Outputs);
        bias.CopyTo(_bias.Span);

        // The 36 planes are written side by side; a power of two apart, they would share the same few lines of the caches.
        int filters = Outputs * inputs;
        int plane = filters + 16;
        using AlignedBuffer transformed = AlignedBuffer.Rent(Positions * plane);
        Span<double> filter = stackalloc double[Positions];
        for (int input = 0; input < inputs; input++)
        {
            for (int output = 0; output < Outputs; output++)
            {
                Transform(weights.AsSpan(((output * inputs) + input) * 9, 9), filter);
                float* target = transformed.Pointer + (input * Outputs) + output;
                for (int position = 0; position < Positions; position++)
                {
                    target[(nint)position * plane] = (float)filter[position];
                }
            }
        }

        for (int position = 0; position < Positions; position++)
        {
            _matrices[position] = new PackedMatrix(inputs, Outputs, transformed.Span.Slice(position * plane, filters), width);
        }
    }

    /// <summary>Input channels.</summary>
    public int Inputs { get; }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>The lane width that they are packed for.</summary>
    public LaneWidth Width { get; }

    /// <summary>The biases.</summary>
    public float* Bias => _bias.Pointer;

    /// <summary>Whether a layer can be computed this way: 3×3, stride 1, channels in whole vectors.</summary>
    public static bool Suits(int inputs, int outputs, int kernel, int stride) => kernel == 3 && stride == 1 && inputs % 16 == 0 && outputs % 16 == 0;

    /// <summary>The matrix of a position.</summary>
    public PackedMatrix this[int position] => _matrices[position];

    /// <summary>G·g·Gᵀ of one filter in double: what is rounded afterwards is rounded once for every tile.</summary>
    /// <param name="g">The filter, (3, 3).</param>
    /// <param name="transformed">Receives shape (6, 6).</param>
    public static void Transform(ReadOnlySpan<float> g, Span<double> transformed)
    {
        double* half = stackalloc double[18];
        double* line = stackalloc double[6];
        for (int x = 0; x < 3; x++)
        {
            Multiply(g[x], g[3 + x], g[6 + x], line);
            for (int i = 0; i < 6; i++)
            {
                half[(i * 3) + x] = line[i];
            }
        }

        for (int i = 0; i < 6; i++)
        {
            Multiply(half[i * 3], half[(i * 3) + 1], half[(i * 3) + 2], line);
            for (int j = 0; j < 6; j++)
            {
                transformed[(i * 6) + j] = line[j];
            }
        }
    }

    /// <summary>
    /// G·(a, b, c) for the matrix G of F(4, 3) with the interpolation points 0, ±1, ±2, ∞ (Lavin and Gray 2016, section 4.3):
    /// rows (1/4, 0, 0), (−1/6, ∓1/6, −1/6), (1/24, ±1/12, 1/6), (0, 0, 1).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(double a, double b, double c, double* product)
    {
        double even = (a * (1 / 24.0)) + (c * (1 / 6.0)), outer = (a + c) * (-1 / 6.0);
        product[0] = a * (1 / 4.0);
        product[1] = outer - (b * (1 / 6.0));
        product[2] = outer + (b * (1 / 6.0));
        product[3] = even + (b * (1 / 12.0));
        product[4] = even - (b * (1 / 12.0));
        product[5] = c;
    }
}
