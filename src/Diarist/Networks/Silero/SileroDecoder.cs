using Diarist.Inference;
using Diarist.Inference.Kernels;

namespace Diarist.Networks.Silero;

/// <summary>The part of Silero VAD that remembers: LSTM cell of 128 units → ReLU → weighted sum → sigmoid.</summary>
internal sealed unsafe class SileroDecoder
{
    /// <summary>Units of the cell.</summary>
    public const int Hidden = 128;

    private readonly Lstm _cell;
    private readonly float[] _weights;
    private readonly float _bias;

    /// <summary>Packs the weights for the tiles of a lane width.</summary>
    public SileroDecoder(Weights weights, LaneWidth? width)
    {
        float[] input = weights.Get("lstm_cell.weight_ih", 4 * Hidden, SileroEncoder.Outputs).Data;
        float[] recurrent = weights.Get("lstm_cell.weight_hh", 4 * Hidden, Hidden).Data;
        float[] inputBias = weights.Get("lstm_cell.bias_ih", 4 * Hidden).Data, recurrentBias = weights.Get("lstm_cell.bias_hh", 4 * Hidden).Data;
        _cell = new Lstm(
            SileroEncoder.Outputs,
            Hidden,
            [0, 3, 1, 2],
            input,
            recurrent,
            inputBias,
            recurrentBias,
            width);
        _weights = weights.Get("final_conv.weight", 1, Hidden, 1).Data;
        _bias = weights.Get("final_conv.bias", 1).Data[0];
    }

    /// <summary>Computes the probabilities of a block of steps and carries the state on.</summary>
    /// <param name="features">(steps, 128).</param>
    /// <param name="state">h, then c: 2 · 128 values.</param>
    /// <param name="probabilities">One for each step.</param>
    public void Run(float* features, float* state, Span<float> probabilities)
    {
        const int gateCount = 4 * Hidden;
        using AlignedBuffer gates = AlignedBuffer.Rent(probabilities.Length * gateCount);
        _cell.Project(features, SileroEncoder.Outputs, probabilities.Length, gates.Pointer);
        for (int step = 0; step < probabilities.Length; step++)
        {
            _cell.Step(gates.Pointer + ((nint)step * gateCount), state, Hidden, state + Hidden, state, Hidden, 1);
            probabilities[step] = Probability(new ReadOnlySpan<float>(state, Hidden));
        }
    }

    private float Probability(ReadOnlySpan<float> h)
    {
        // Four sums, added in a fixed order: the compiler may not reorder one sum, and waiting for it takes longer than the products.
        float a = 0, b = 0, c = 0, d = 0;
        for (int i = 0; i < Hidden; i += 4)
        {
            a += Math.Max(h[i], 0) * _weights[i];
            b += Math.Max(h[i + 1], 0) * _weights[i + 1];
            c += Math.Max(h[i + 2], 0) * _weights[i + 2];
            d += Math.Max(h[i + 3], 0) * _weights[i + 3];
        }

        return (float)(1 / (1 + Math.Exp(-(a + b + (c + d) + _bias))));
    }
}
