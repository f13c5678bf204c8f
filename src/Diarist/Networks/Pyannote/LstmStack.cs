using Diarist.Inference.Kernels;

namespace Diarist.Networks.Pyannote;

/// <summary>The four bidirectional LSTM layers of PyanNet, 128 units each way, over all windows of a batch at once.</summary>
internal sealed unsafe class LstmStack
{
    /// <summary>Values per frame and window of the result: 128 forward, 128 backward.</summary>
    public const int Outputs = 2 * Hidden;

    private const int Hidden = 128;
    private readonly Lstm[][] _layers;

    /// <summary>Packs the weights for the tiles of a lane width.</summary>
    public LstmStack(IReadOnlyList<LstmWeights> weights, LaneWidth? width = null) =>
        _layers = [.. weights.Select((layer, i) => new[] { Pack(layer, 0, i == 0 ? SincNet.Outputs : Outputs, width), Pack(layer, 1, i == 0 ? SincNet.Outputs : Outputs, width) })];

    /// <summary>Runs the layers. Each takes (steps, sequences, inputs) and makes (steps, sequences, 256), going back and forth between the two buffers.</summary>
    /// <param name="input">(steps, sequences, <see cref="SincNet.Outputs"/>).</param>
    /// <param name="steps">Frames of a window.</param>
    /// <param name="sequences">Windows.</param>
    /// <param name="spare">(steps, sequences, 256), overwritten.</param>
    /// <param name="output">(steps, sequences, 256).</param>
    /// <param name="cancellation">Looked at after each block of steps.</param>
    public void Run(float* input, int steps, int sequences, float* spare, float* output, CancellationToken cancellation)
    {
        float* source = input;
        int inputs = SincNet.Outputs;
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            float* destination = (_layers.Length - layer) % 2 == 0 ? spare : output;
            for (int direction = 0; direction < 2; direction++)
            {
                _layers[layer][direction].Run(source, inputs, steps, sequences, direction == 1, destination + (direction * Hidden), Outputs, cancellation);
            }

            source = destination;
            inputs = Outputs;
        }
    }

    /// <summary>As <see cref="PyanNet.RunKernels"/>: 589 steps of one sequence make blocks of 96 rows and a last one of 13, and products of one row.</summary>
    public static void RunKernels()
    {
        const int units = 16, steps = 96 + 13;
        float[] weights = new float[4 * units * units], bias = new float[4 * units];
        var tiny = new Lstm(units, units, [0, 1, 2, 3], weights, weights, bias, bias);
        using AlignedBuffer rows = AlignedBuffer.Rent(steps * units);
        rows.Span.Clear();
        tiny.Run(rows.Pointer, units, steps, sequences: 1, backward: false, rows.Pointer, units, CancellationToken.None);
    }

    private static Lstm Pack(LstmWeights weights, int direction, int paddedInputs, LaneWidth? width)
    {
        const int rows = 4 * Hidden;
        int inputs = rows * weights.Inputs, recurrent = rows * Hidden;
        using AlignedBuffer widened = AlignedBuffer.Rent(inputs + recurrent);
        weights.Input.Slice(direction * inputs, inputs).WidenTo(widened.Span[..inputs]);
        weights.Recurrent.Slice(direction * recurrent, recurrent).WidenTo(widened.Span[inputs..]);
        return new Lstm(
            paddedInputs,
            Hidden,
            [0, 1, 2, 3],
            widened.Span[..inputs],
            widened.Span[inputs..],
            weights.Bias.AsSpan(direction * 2 * rows, rows),
            weights.Bias.AsSpan(((direction * 2) + 1) * rows, rows),
            width);
    }
}
