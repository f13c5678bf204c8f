using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// The pointwise half of an LSTM step, for several rows: from the gates' sums (i, o, f, g: four blocks of
/// <paramref name="hidden"/> values in each row) and the cell state c,
/// <code>c ← σ(f)·c + σ(i)·tanh(g),   h = σ(o)·tanh(c).</code>
/// With A = e^−i, F = e^−f, O = e^−o, G = e^−2g, C = e^−2c this takes two divisions where the plain form takes five:
/// <code>c ← (c·(1+A)(1+G) + (1−G)(1+F)) / ((1+F)(1+A)(1+G)),   h = (1−C) / ((1+O)(1+C)).</code>
/// </summary>
/// <param name="gates">The sums, (rows, 4·hidden).</param>
/// <param name="gateStride">Values from one row of gates to the next.</param>
/// <param name="cell">The cell state, (rows, hidden), contiguous.</param>
/// <param name="output">Where h goes, (rows, hidden).</param>
/// <param name="outputStride">Values from one row of the output to the next.</param>
/// <param name="rows">Sequences that step together.</param>
/// <param name="hidden">Units, a multiple of 16 so that every width divides it.</param>
internal readonly unsafe struct LstmCell(float* gates, int gateStride, float* cell, float* output, int outputStride, int rows, int hidden) : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>()
        where V : unmanaged, ILanes<V>
    {
        V one = V.Broadcast(1f);
        for (int row = 0; row < rows; row++)
        {
            float* g = gates + ((nint)row * gateStride);
            float* c = cell + ((nint)row * hidden);
            float* h = output + ((nint)row * outputStride);
            for (int unit = 0; unit < hidden; unit += V.Count)
            {
                V input = one + VectorMath.Exp2(VectorMath.Exponent(V.Load(g + unit), -VectorMath.Log2E));
                V forget = one + VectorMath.Exp2(VectorMath.Exponent(V.Load(g + (2 * hidden) + unit), -VectorMath.Log2E));
                V candidate = VectorMath.Exp2(VectorMath.Exponent(V.Load(g + (3 * hidden) + unit), -2 * VectorMath.Log2E));
                V kept = input * (one + candidate);
                V state = V.MultiplyAdd(V.Load(c + unit), kept, (one - candidate) * forget) / (forget * kept);
                V.Store(state, c + unit);
                V output = one + VectorMath.Exp2(VectorMath.Exponent(V.Load(g + hidden + unit), -VectorMath.Log2E));
                V squashed = VectorMath.Exp2(VectorMath.Exponent(state, -2 * VectorMath.Log2E));
                V.Store((one - squashed) / (output * (one + squashed)), h + unit);
            }
        }
    }
}
