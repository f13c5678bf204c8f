using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>A linear layer whose weights are float32, packed once when the network is loaded.</summary>
/// <typeparam name="V">The vector of the kernels.</typeparam>
internal sealed unsafe class FloatLinear<V> : LinearLayer
    where V : unmanaged, ILanes<V>
{
    private readonly PackedMatrix _weights;

    /// <summary>Packs a layer.</summary>
    /// <param name="inputs">Values of a row.</param>
    /// <param name="outputs">Values of a result.</param>
    /// <param name="weight">The weight from an input to an output.</param>
    /// <param name="bias">One for each output, or nothing.</param>
    public FloatLinear(int inputs, int outputs, Func<int, int, float> weight, ReadOnlySpan<float> bias)
        : base(inputs, outputs) =>
        _weights = new PackedMatrix(inputs, outputs, weight, bias, V.Count switch { 16 => LaneWidth.Bits512, 8 => LaneWidth.Bits256, 4 => LaneWidth.Bits128, _ => LaneWidth.Scalar });

    /// <inheritdoc/>
    public override void Multiply(in LeftMatrix rows, float* result, int resultStride, Epilogue epilogue, SharedLoops? sharing = null)
    {
        int width = 2 * V.Count;
        LeftMatrix left = rows;
        SharedLoops.Run(sharing, (Outputs + width - 1) / width, Work);
        GC.KeepAlive(_weights);

        void Work(SharedLoops.Loop loop)
        {
            while (loop.TryTake(out int part))
            {
                int column = part * width, columns = Math.Min(width, Outputs - column);
                float* target = result + column;
                Gemm.MultiplyPanel<V>(left, _weights.Panel(column), columns, _weights.Bias + column, epilogue == Epilogue.Add ? target : null, target, resultStride);
                Finish<V>(target, left.Rows, columns, resultStride, epilogue);
            }
        }
    }
}
