using Diarist.Networks.Nemotron3;

namespace Diarist;

/// <summary>
/// How probable a network holds each speaker in each row of 10 ms: what word confidence rests on where a network labels the recording itself.
/// It shows the rows in which the turns were decided, and copies none.
/// </summary>
internal sealed class SpeakerProbabilities
{
    /// <summary>Seconds of a row.</summary>
    public const double RowSeconds = 0.01;

    // Enough for a word, and a bound for a segment that lasts an hour.
    private const int MostRows = 128;

    // A row of which so small a share lies in a range is not in it: times in seconds are not exact multiples of a row.
    private const double Sliver = 1e-3;

    private readonly ProbabilityRows _rows;
    private readonly Dictionary<string, int[]> _columns;

    /// <summary>Shows rows under labels.</summary>
    /// <param name="rows">What the network said.</param>
    /// <param name="columns">The columns of each label; of several the more probable counts in each row.</param>
    public SpeakerProbabilities(ProbabilityRows rows, IReadOnlyDictionary<string, int[]> columns) => (_rows, _columns) = (rows, new(columns, StringComparer.Ordinal));

    /// <summary>The same with other labels; of labels that get one name the more probable counts in each row.</summary>
    /// <param name="nameOf">The new label of each label.</param>
    public SpeakerProbabilities WithNames(Func<string, string> nameOf) =>
        new(_rows, _columns.GroupBy(pair => nameOf(pair.Key), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.SelectMany(pair => pair.Value).ToArray()));

    /// <summary>
    /// The probability that a word in the range is this speaker's: the mean over its rows of his probability, divided by the sum over all speakers where that is
    /// above 1. So a word over which two people talk belongs to either with about one half.
    /// </summary>
    /// <param name="range">The range, in seconds; long ranges are looked at in places.</param>
    /// <param name="label">The speaker.</param>
    /// <returns>0 to 1; <see langword="null"/> when the label is unknown here, or no row lies in the range.</returns>
    public double? Of(TimeRange range, string label)
    {
        if (!_columns.TryGetValue(label, out int[]? own))
        {
            return null;
        }

        int first = (int)Math.Clamp(Math.Floor((range.Start / RowSeconds) + Sliver), 0, _rows.Count);
        int behind = (int)Math.Clamp(Math.Ceiling((range.End / RowSeconds) - Sliver), Math.Min(first + 1, _rows.Count), _rows.Count);
        int count = Math.Min(behind - first, MostRows);
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            int row = first + (int)((long)i * (behind - first) / count), all = 0;
            foreach (int[] columns in _columns.Values)
            {
                all += Largest(row, columns);
            }

            sum += Largest(row, own) / (double)Math.Max(ushort.MaxValue, all);
        }

        return count == 0 ? null : sum / count;
    }

    private int Largest(int row, int[] columns)
    {
        ReadOnlySpan<ushort> values = _rows[row];
        int largest = 0;
        foreach (int column in columns)
        {
            largest = Math.Max(largest, values[column]);
        }

        return largest;
    }
}
