namespace Diarist.Inference.Kernels;

/// <summary>
/// Sums and differences of values that lie symmetrically about a centre, so that a bank of even and odd filters
/// needs half the products: Σ w[n]·x[n] over an even w is Σ over half of it of w[n]·(x[n] + x[−n]), over an odd one of w[n]·(x[n] − x[−n]).
/// </summary>
/// <param name="forward">The values from one end towards the centre.</param>
/// <param name="backward">Those from the other end, reversed in memory.</param>
/// <param name="sums">forward + backward.</param>
/// <param name="differences">forward − backward.</param>
/// <param name="count">Values.</param>
internal readonly unsafe struct Fold(float* forward, float* backward, float* sums, float* differences, int count) : ILaneOperation
{
    public void Run<V>()
        where V : unmanaged, ILanes<V>
    {
        int done = Part<V>(0);
        Part<Lane1>(done);
    }

    private int Part<V>(int i)
        where V : unmanaged, ILanes<V>
    {
        for (; i + V.Count <= count; i += V.Count)
        {
            V left = V.Load(forward + i), right = V.Load(backward + i);
            V.Store(left + right, sums + i);
            V.Store(left - right, differences + i);
        }

        return i;
    }
}
