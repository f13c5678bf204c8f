using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>A linear layer whose Q8_0 weights are widened to float32, 32 outputs at a time, just before the float32 product takes them.</summary>
/// <typeparam name="V">The vector of the kernels.</typeparam>
internal sealed unsafe class Q8WidenedLinear<V>(Q8Weights weights) : LinearLayer(weights.Blocks * Inference.GgufTensor.BlockValues, weights.Outputs)
    where V : unmanaged, ILanes<V>
{
    /// <inheritdoc/>
    public override void Multiply(in LeftMatrix rows, float* result, int resultStride, Epilogue epilogue)
    {
        int width = 2 * V.Count;
        using AlignedBuffer bytes = AlignedBuffer.Rent(Q8Panel.Length(weights.Blocks));
        using AlignedBuffer floats = AlignedBuffer.Rent(Inputs * Q8Panel.Columns);
        for (int column = 0; column < Outputs; column += Q8Panel.Columns)
        {
            Q8Widening.Fill(weights.Panel(column, 0, bytes.Pointer), width, floats.Pointer);
            for (int part = 0; part < Q8Panel.Columns; part += width)
            {
                float* target = result + column + part;
                Gemm.MultiplyPanel<V>(
                    rows, floats.Pointer + ((nint)part * Inputs), width, weights.Bias + column + part, epilogue == Epilogue.Add ? target : null, target, resultStride);
            }

            Finish<V>(result + column, rows.Rows, Q8Panel.Columns, resultStride, epilogue);
        }

        weights.KeepAlive();
    }
}
