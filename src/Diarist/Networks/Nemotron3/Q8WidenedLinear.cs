using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>A linear layer whose Q8_0 weights are widened to float32, 32 outputs at a time, just before the float32 product takes them.</summary>
/// <typeparam name="V">The vector of the kernels.</typeparam>
internal sealed unsafe class Q8WidenedLinear<V>(Q8Weights weights) : LinearLayer(weights.Blocks * Inference.GgufTensor.BlockValues, weights.Outputs)
    where V : unmanaged, ILanes<V>
{
    /// <inheritdoc/>
    public override void Multiply(in LeftMatrix rows, float* result, int resultStride, Epilogue epilogue, SharedLoops? sharing = null)
    {
        LeftMatrix left = rows;
        SharedLoops.Run(sharing, Outputs / Q8Panel.Columns, Work);
        weights.KeepAlive();

        void Work(SharedLoops.Loop loop)
        {
            int width = 2 * V.Count;
            using AlignedBuffer bytes = AlignedBuffer.Rent(Q8Panel.Length(weights.Blocks));
            using AlignedBuffer floats = AlignedBuffer.Rent(Inputs * Q8Panel.Columns);
            while (loop.TryTake(out int panel))
            {
                float* target = result + (panel * Q8Panel.Columns), bias = weights.Bias + (panel * Q8Panel.Columns);
                Q8Widening.Fill(weights.Panel(panel * Q8Panel.Columns, 0, bytes.Pointer), width, floats.Pointer);
                for (int part = 0; part < Q8Panel.Columns; part += width)
                {
                    Gemm.MultiplyPanel<V>(
                        left, floats.Pointer + ((nint)part * Inputs), width, bias + part, epilogue == Epilogue.Add ? target + part : null, target + part, resultStride);
                }

                Finish<V>(target, left.Rows, Q8Panel.Columns, resultStride, epilogue);
            }
        }
    }
}
