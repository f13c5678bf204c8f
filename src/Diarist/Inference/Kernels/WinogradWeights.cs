using System.Numerics;
using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>The weights of a 3×3 convolution in Winograd's domain: for each of the 36 positions a matrix (inputs × outputs).</summary>
internal sealed unsafe class WinogradWeights
{
    /// <summary>Positions of a transformed 6×6 tile.</summary>
    public const int Positions = 36;

    /// <summary>Weights of a filter.</summary>
    public const int Taps = 9;

    private readonly PackedMatrix[] _matrices = new PackedMatrix[Positions];
    private readonly AlignedBuffer _bias;

    /// <summary>Transforms and packs a layer.</summary>
    /// <param name="weights">Shape (outputs, inputs, 3, 3).</param>
    /// <param name="bias">Shape (outputs).</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="width">The lane width.</param>
    public WinogradWeights(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int inputs, LaneWidth width)
    {
        (Inputs, Outputs, Width) = (inputs, bias.Length, width);
        _bias = AlignedBuffer.Allocate(Outputs);
        bias.CopyTo(_bias.Span);

        for (int position = 0; position < Positions; position++)
        {
            _matrices[position] = new PackedMatrix(inputs, Outputs, width);
        }

        fixed (float* filters = weights)
        {
            for (int first = 0; first < Outputs; first += 2 * _matrices[0].Lanes)
            {
                TransformPanel(filters, first);
            }
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

    /// <summary>G·g·Gᵀ of the filters to the outputs of a panel, in double: what is rounded here is rounded for every tile.</summary>
    /// <param name="filters">All filters, (outputs, inputs, 3, 3).</param>
    /// <param name="firstOutput">The first output of the panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformPanel(float* filters, int firstOutput)
    {
        // The panels of all positions are alike; a vector of outputs may be wider than a panel and is then cut off.
        int width = _matrices[0].PanelWidth(firstOutput), count = Vector<float>.Count;
        float** panels = stackalloc float*[Positions];
        for (int position = 0; position < Positions; position++)
        {
            panels[position] = _matrices[position].Panel(firstOutput);
        }

        double* gathered = stackalloc double[Taps * count];
        float* results = stackalloc float[Positions * count];
        for (int input = 0; input < Inputs; input++)
        {
            for (int output = 0; output < width; output += count)
            {
                int used = Math.Min(count, width - output);
                for (int i = 0; i < used; i++)
                {
                    float* filter = filters + ((((firstOutput + output + i) * Inputs) + input) * Taps);
                    for (int tap = 0; tap < Taps; tap++)
                    {
                        gathered[(tap * count) + i] = filter[tap];
                    }
                }

                Transform(gathered, count, results);
                nint place = ((nint)input * width) + output;
                for (int position = 0; position < Positions; position++)
                {
                    if (used == count)
                    {
                        Vector.Store(Vector.Load(results + (position * count)), panels[position] + place);
                    }
                    else
                    {
                        new ReadOnlySpan<float>(results + (position * count), used).CopyTo(new Span<float>(panels[position] + place, used));
                    }
                }
            }
        }
    }

    /// <summary>G·g·Gᵀ of a vector of filters.</summary>
    /// <param name="g">(9 taps, <paramref name="count"/> filters).</param>
    /// <param name="count">Filters: the float lanes of a vector, two vectors of double.</param>
    /// <param name="results">Receives (36, <paramref name="count"/>).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform(double* g, int count, float* results)
    {
        Vector<double>* half = stackalloc Vector<double>[36];
        for (int side = 0; side < 2; side++)
        {
            double* at = g + (side * Vector<double>.Count);
            for (int x = 0; x < 3; x++)
            {
                Vector<double>* to = half + (side * 3) + x;
                Multiply(
                    Vector.Load(at + (x * count)), Vector.Load(at + ((3 + x) * count)), Vector.Load(at + ((6 + x) * count)), out to[0], out to[6], out to[12], out to[18], out to[24], out to[30]);
            }
        }

        for (int i = 0; i < 6; i++, results += 6 * count)
        {
            Vector<double>* line = half + (6 * i);
            Multiply(line[0], line[1], line[2], out Vector<double> l0, out Vector<double> l1, out Vector<double> l2, out Vector<double> l3, out Vector<double> l4, out Vector<double> l5);
            Multiply(line[3], line[4], line[5], out Vector<double> h0, out Vector<double> h1, out Vector<double> h2, out Vector<double> h3, out Vector<double> h4, out Vector<double> h5);
            Vector.Store(Vector.Narrow(l0, h0), results);
            Vector.Store(Vector.Narrow(l1, h1), results + count);
            Vector.Store(Vector.Narrow(l2, h2), results + (2 * count));
            Vector.Store(Vector.Narrow(l3, h3), results + (3 * count));
            Vector.Store(Vector.Narrow(l4, h4), results + (4 * count));
            Vector.Store(Vector.Narrow(l5, h5), results + (5 * count));
        }
    }

    /// <summary>
    /// G·(a, b, c) for the matrix G of F(4, 3) with the interpolation points 0, ±1, ±2, ∞ (Lavin and Gray 2016, section 4.3):
    /// rows (1/4, 0, 0), (−1/6, ∓1/6, −1/6), (1/24, ±1/12, 1/6), (0, 0, 1).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(
        Vector<double> a, Vector<double> b, Vector<double> c,
        out Vector<double> p0, out Vector<double> p1, out Vector<double> p2, out Vector<double> p3, out Vector<double> p4, out Vector<double> p5)
    {
        Vector<double> even = (a * (1 / 24.0)) + (c * (1 / 6.0)), outer = (a + c) * (-1 / 6.0);
        Vector<double> sixth = b * (1 / 6.0), twelfth = b * (1 / 12.0);
        p0 = a * (1 / 4.0);
        p1 = outer - sixth;
        p2 = outer + sixth;
        p3 = even + twelfth;
        p4 = even - twelfth;
        p5 = c;
    }
}
