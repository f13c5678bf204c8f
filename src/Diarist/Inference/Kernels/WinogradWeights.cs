namespace Diarist.Inference.Kernels;

/// <summary>The weights of a 3×3 convolution in Winograd's domain: for each of the 36 positions a matrix (inputs × outputs).</summary>
internal sealed unsafe class WinogradWeights
{
    /// <summary>Positions of a transformed 6×6 tile.</summary>
    public const int Positions = 36;

    /// <summary>The matrix G of F(4, 3) for the interpolation points 0, ±1, ±2, ∞ (Lavin and Gray 2016, section 4.3).</summary>
    private static readonly double[,] G =
    {
        { 1 / 4.0, 0, 0 },
        { -1 / 6.0, -1 / 6.0, -1 / 6.0 },
        { -1 / 6.0, 1 / 6.0, -1 / 6.0 },
        { 1 / 24.0, 1 / 12.0, 1 / 6.0 },
        { 1 / 24.0, -1 / 12.0, 1 / 6.0 },
        { 0, 0, 1 },
    };

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
        int filters = Outputs * inputs;
        using AlignedBuffer transformed = AlignedBuffer.Rent(Positions * filters);
        float* target = transformed.Pointer;
        Span<double> half = stackalloc double[18];
        for (int filter = 0; filter < filters; filter++)
        {
            // G·g·Gᵀ in double: what is rounded here is rounded for every tile.
            ReadOnlySpan<float> g = weights.AsSpan(filter * 9, 9);
            for (int i = 0; i < 6; i++)
            {
                for (int x = 0; x < 3; x++)
                {
                    half[(i * 3) + x] = (G[i, 0] * g[x]) + (G[i, 1] * g[3 + x]) + (G[i, 2] * g[6 + x]);
                }
            }

            for (int i = 0; i < 6; i++)
            {
                for (int j = 0; j < 6; j++)
                {
                    target[(((i * 6) + j) * filters) + filter] =
                        (float)((half[i * 3] * G[j, 0]) + (half[(i * 3) + 1] * G[j, 1]) + (half[(i * 3) + 2] * G[j, 2]));
                }
            }
        }

        for (int position = 0; position < Positions; position++)
        {
            float* matrix = target + (position * filters);
            _matrices[position] = new PackedMatrix(inputs, Outputs, (input, output) => matrix[(output * inputs) + input], default, width);
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
}
