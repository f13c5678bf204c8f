using Diarist.Numerics;

namespace Diarist.Scoring;

/// <summary>One-to-one mappings from the reference's speakers to the hypothesis'.</summary>
internal static class SpeakerMapping
{
    // Above this many pairs a full matrix would take more memory and time than the pairs that share anything.
    private const long LargestMatrix = 1 << 18;

    /// <summary>The mapping with the greatest sum of weights; pairs of weight 0 are not matched.</summary>
    /// <param name="pairs">The pairs of reference and hypothesis speaker with a weight above 0, each once.</param>
    /// <param name="rows">Reference speakers.</param>
    /// <param name="columns">Hypothesis speakers.</param>
    /// <returns>The hypothesis speaker of every reference speaker, −1 for none.</returns>
    public static int[] Best(IEnumerable<(int Row, int Column, double Weight)> pairs, int rows, int columns)
    {
        if ((long)rows * columns > LargestMatrix)
        {
            return SparseAssignment.Maximize(pairs, rows, columns);
        }

        double[] weights = new double[rows * columns];
        foreach ((int row, int column, double weight) in pairs)
        {
            weights[(row * columns) + column] = weight;
        }

        int[] mapping = Assignment.Maximize(weights, rows, columns);
        for (int row = 0; row < rows; row++)
        {
            if (mapping[row] >= 0 && weights[(row * columns) + mapping[row]] == 0)
            {
                mapping[row] = -1;
            }
        }

        return mapping;
    }

    /// <summary>A mapping by its labels: first the reference's speakers, then those that only the hypothesis has.</summary>
    public static IReadOnlyList<SpeakerMatch> Name(int[] mapping, string[] reference, string[] hypothesis) =>
    [
        .. mapping.Select((column, row) => new SpeakerMatch(reference[row], column < 0 ? null : hypothesis[column])),
        .. Enumerable.Range(0, hypothesis.Length).Except(mapping).Select(column => new SpeakerMatch(null, hypothesis[column])),
    ];
}
