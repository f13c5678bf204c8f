using Diarist.Numerics;

namespace Diarist.Scoring;

/// <summary>One-to-one mappings from the reference's speakers to the hypothesis'.</summary>
internal static class SpeakerMapping
{
    /// <summary>The mapping with the greatest sum of weights; pairs of weight 0 are not matched.</summary>
    /// <param name="weights">Weights, 0 or more, shape (reference speakers, hypothesis speakers).</param>
    /// <param name="rows">Reference speakers.</param>
    /// <param name="columns">Hypothesis speakers.</param>
    /// <returns>The hypothesis speaker of every reference speaker, −1 for none.</returns>
    public static int[] Best(double[] weights, int rows, int columns)
    {
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
