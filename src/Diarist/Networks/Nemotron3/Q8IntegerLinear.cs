using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>A linear layer whose Q8_0 weights are multiplied as integers with rows that are quantized the same way.</summary>
/// <typeparam name="V">The vector of the float operations.</typeparam>
/// <typeparam name="B">The vector of the integer sums.</typeparam>
internal sealed unsafe class Q8IntegerLinear<V, B>(Q8Weights weights) : LinearLayer(weights.Blocks * Inference.GgufTensor.BlockValues, weights.Outputs)
    where V : unmanaged, ILanes<V>
    where B : unmanaged, IByteLanes<B>
{
    /// <inheritdoc/>
    public override void Multiply(in LeftMatrix rows, float* result, int resultStride, Epilogue epilogue, SharedLoops? sharing = null)
    {
        int count = rows.Rows, codeBytes = Q8Product.CodeBytes<B>(Inputs);
        using AlignedBuffer codes = AlignedBuffer.Rent(count * codeBytes / sizeof(float));
        using AlignedBuffer scales = AlignedBuffer.Rent(count * weights.Blocks);
        Q8Product.Quantize<V, B>(rows.Data, count, Inputs, rows.RowStride, (byte*)codes.Pointer, scales.Pointer);
        float* left = codes.Pointer, leftScales = scales.Pointer;
        SharedLoops.Run(sharing, Outputs / Q8Panel.Columns, Work);
        weights.KeepAlive();

        void Work(SharedLoops.Loop loop)
        {
            using AlignedBuffer panel = AlignedBuffer.Rent(Q8Panel.Length(weights.Blocks));
            using AlignedBuffer tile = AlignedBuffer.Rent(count * Q8Panel.Columns);
            while (loop.TryTake(out int part))
            {
                int column = part * Q8Panel.Columns;
                Q8Product.Multiply<B>((byte*)left, leftScales, count, weights.Panel(column, B.Offset, panel.Pointer), tile.Pointer, Q8Panel.Columns);
                AddBias(tile.Pointer, count, weights.Bias + column, result + column, resultStride, epilogue == Epilogue.Add);
                Finish<V>(result + column, count, Q8Panel.Columns, resultStride, epilogue);
            }
        }
    }

    private static void AddBias(float* tile, int rows, float* bias, float* result, int stride, bool accumulate)
    {
        for (int row = 0; row < rows; row++, tile += Q8Panel.Columns, result += stride)
        {
            for (int column = 0; column < Q8Panel.Columns; column += V.Count)
            {
                V value = V.Load(tile + column) + V.Load(bias + column);
                V.Store(accumulate ? V.Load(result + column) + value : value, result + column);
            }
        }
    }
}
