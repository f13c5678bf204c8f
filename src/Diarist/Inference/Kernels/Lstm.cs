namespace Diarist.Inference.Kernels;

/// <summary>
/// One direction of an LSTM layer, run over many sequences at once: a step multiplies the (sequences, hidden) states
/// by the recurrent weights, so that these are read once per step and not once per sequence and step. Rows are
/// time-major: (time, sequence). The input's part of the gates is one product for a block of steps, small enough to
/// stay in the second-level cache until its steps have used it.
/// </summary>
internal sealed unsafe class Lstm
{
    /// <summary>Rows of a block: enough to use the input weights well, few enough for the cache.</summary>
    private const int BlockRows = 96;

    private readonly PackedMatrix _input;
    private readonly PackedMatrix _recurrent;

    /// <summary>Takes the weights in the layout of ONNX and PyTorch: (4·hidden, inputs), (4·hidden, hidden), a row for each gate and unit.</summary>
    /// <param name="inputs">Values per input row, with padding.</param>
    /// <param name="hidden">Units, a multiple of 16.</param>
    /// <param name="gates">Where the blocks of i, o, f, g are in the weights: ONNX 0, 1, 2, 3; PyTorch (i, f, g, o) 0, 3, 1, 2.</param>
    /// <param name="inputWeights">(4·hidden, inputs without padding).</param>
    /// <param name="recurrentWeights">(4·hidden, hidden).</param>
    /// <param name="inputBias">(4·hidden).</param>
    /// <param name="recurrentBias">(4·hidden), added to the other.</param>
    /// <param name="width">The lane width, the widest by default.</param>
    public Lstm(
        int inputs,
        int hidden,
        ReadOnlySpan<int> gates,
        ReadOnlySpan<float> inputWeights,
        ReadOnlySpan<float> recurrentWeights,
        ReadOnlySpan<float> inputBias,
        ReadOnlySpan<float> recurrentBias,
        LaneWidth? width = null)
    {
        if (hidden % 16 != 0)
        {
            throw new ArgumentException("The number of units must be a multiple of 16.", nameof(hidden));
        }

        int[] order = gates.ToArray();
        int Row(int column) => (order[column / hidden] * hidden) + (column % hidden);
        float[] sums = new float[4 * hidden];
        for (int column = 0; column < sums.Length; column++)
        {
            sums[column] = inputBias[Row(column)] + recurrentBias[Row(column)];
        }

        Hidden = hidden;
        int stored = inputWeights.Length / (4 * hidden);
        _input = new PackedMatrix(
            inputWeights, PackedMatrix.Places(inputs, k => k < stored ? k : -1), PackedMatrix.Places(4 * hidden, n => Row(n) * stored), sums, width);
        _recurrent = new PackedMatrix(recurrentWeights, PackedMatrix.Places(hidden, 1), PackedMatrix.Places(4 * hidden, n => Row(n) * hidden), default, width);
    }

    /// <summary>The number of units.</summary>
    public int Hidden { get; }

    /// <summary>Runs whole sequences from a zero state.</summary>
    /// <param name="input">(steps · sequences, inputs).</param>
    /// <param name="inputStride">Values from one input row to the next.</param>
    /// <param name="steps">Steps of each sequence.</param>
    /// <param name="sequences">Sequences.</param>
    /// <param name="backward">Whether time runs from the last step to the first.</param>
    /// <param name="output">(steps · sequences, hidden).</param>
    /// <param name="outputStride">Values from one output row to the next.</param>
    /// <param name="cancellation">Looked at after each block of steps.</param>
    public void Run(
        float* input, int inputStride, int steps, int sequences, bool backward, float* output, int outputStride, CancellationToken cancellation)
    {
        int blockSteps = Math.Max(1, BlockRows / sequences);
        int gateCount = 4 * Hidden;
        using AlignedBuffer gates = AlignedBuffer.Rent(blockSteps * sequences * gateCount);
        using AlignedBuffer cell = AlignedBuffer.Rent(sequences * Hidden);
        cell.Span.Clear();
        float* previous = null;
        for (int done = 0; done < steps; done += blockSteps)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(blockSteps, steps - done);
            int first = backward ? steps - done - count : done;
            LeftMatrix rows = new(input + ((nint)first * sequences * inputStride), count * sequences, _input.Rows, inputStride);
            Gemm.Multiply(rows, _input, gates.Pointer, gateCount);
            for (int i = 0; i < count; i++)
            {
                int step = backward ? count - 1 - i : i;
                float* h = output + ((nint)(first + step) * sequences * outputStride);
                Step(gates.Pointer + ((nint)step * sequences * gateCount), previous, outputStride, cell.Pointer, h, outputStride, sequences);
                previous = h;
            }
        }
    }

    /// <summary>The input's part of the gates, bias included: (rows, 4·hidden), contiguous.</summary>
    public void Project(float* input, int inputStride, int rows, float* gates) =>
        Gemm.Multiply(new LeftMatrix(input, rows, _input.Rows, inputStride), _input, gates, 4 * Hidden);

    /// <summary>One step of all sequences.</summary>
    /// <param name="gates">The input's part of the gates; overwritten.</param>
    /// <param name="previous">The states h before the step, or null for zeros.</param>
    /// <param name="previousStride">Values from one row of them to the next.</param>
    /// <param name="cell">The cell states (sequences, hidden); updated.</param>
    /// <param name="output">Where the states h after the step go; may be where they were before.</param>
    /// <param name="outputStride">Values from one row of them to the next.</param>
    /// <param name="sequences">Sequences.</param>
    public void Step(float* gates, float* previous, int previousStride, float* cell, float* output, int outputStride, int sequences)
    {
        int gateCount = 4 * Hidden;
        if (previous != null)
        {
            Gemm.MultiplyAdd(new LeftMatrix(previous, sequences, Hidden, previousStride), _recurrent, gates, gateCount, gates, gateCount);
        }

        _recurrent.Width.Run(new LstmCell(gates, gateCount, cell, output, outputStride, sequences, Hidden));
    }
}
