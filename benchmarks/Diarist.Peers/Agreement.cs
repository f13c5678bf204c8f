namespace Diarist.Peers;

/// <summary>How alike two results of the same work are.</summary>
/// <param name="LargestDifference">Of any two values.</param>
/// <param name="Cosine">Of the results as vectors.</param>
internal sealed record Agreement(double LargestDifference, double Cosine)
{
    /// <summary>Runs two workloads once; null where there is nothing to compare.</summary>
    public static Agreement? Of(IWorkload ours, IWorkload theirs)
    {
        ours.Run();
        theirs.Run();
        int length = Math.Min(ours.Result.Length, theirs.Result.Length);
        if (length == 0)
        {
            return null;
        }

        ReadOnlySpan<float> our = ours.Result[..length];
        ReadOnlySpan<float> their = theirs.Result[..length];
        double largest = 0, product = 0, ourSquares = 0, theirSquares = 0;
        for (int i = 0; i < length; i++)
        {
            (double x, double y) = (our[i], their[i]);
            largest = Math.Max(largest, Math.Abs(x - y));
            product += x * y;
            ourSquares += x * x;
            theirSquares += y * y;
        }

        return new Agreement(largest, product / Math.Sqrt(ourSquares * theirSquares));
    }
}
