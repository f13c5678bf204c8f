namespace Diarist;

/// <summary>
/// How probable a network holds each speaker in each row of 10 ms, in 8 bits: what word confidence rests on where a network labels the recording itself
/// (100 bytes a second for each speaker).
/// </summary>
internal sealed class SpeakerProbabilities
{
    /// <summary>Seconds of a row.</summary>
    public const double RowSeconds = 0.01;

    // Enough for a word, and a bound for a segment that lasts an hour.
    private const int MostRows = 128;

    // A row of which so small a share lies in a range is not in it: times in seconds are not exact multiples of a row.
    private const double Sliver = 1e-3;

    private readonly Dictionary<string, byte[]> _rows;

    /// <summary>Keeps the rows of each label; all have the same length.</summary>
    public SpeakerProbabilities(IReadOnlyDictionary<string, byte[]> rows) => _rows = new(rows, StringComparer.Ordinal);

    /// <summary>The same with other labels; of labels that get one name the more probable counts in each row.</summary>
    /// <param name="nameOf">The new label of each label.</param>
    public SpeakerProbabilities WithNames(Func<string, string> nameOf) =>
        new(_rows.GroupBy(pair => nameOf(pair.Key), StringComparer.Ordinal).ToDictionary(group => group.Key, group => Larger([.. group.Select(pair => pair.Value)])));

    /// <summary>
    /// The probability that a word in the range is this speaker's: the mean over its rows of his probability, divided by the sum over all speakers where that is
    /// above 1. So a word over which two people talk belongs to either with about one half.
    /// </summary>
    /// <param name="range">The range, in seconds; long ranges are looked at in places.</param>
    /// <param name="label">The speaker.</param>
    /// <returns>0 to 1; <see langword="null"/> when the label is unknown here, or no row lies in the range.</returns>
    public double? Of(TimeRange range, string label)
    {
        if (!_rows.TryGetValue(label, out byte[]? own))
        {
            return null;
        }

        int first = (int)Math.Clamp(Math.Floor((range.Start / RowSeconds) + Sliver), 0, own.Length);
        int behind = (int)Math.Clamp(Math.Ceiling((range.End / RowSeconds) - Sliver), Math.Min(first + 1, own.Length), own.Length);
        int count = Math.Min(behind - first, MostRows);
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            int row = first + (int)((long)i * (behind - first) / count), all = 0;
            foreach (byte[] speaker in _rows.Values)
            {
                all += speaker[row];
            }

            sum += own[row] / (double)Math.Max(byte.MaxValue, all);
        }

        return count == 0 ? null : sum / count;
    }

    private static byte[] Larger(byte[][] rows)
    {
        byte[] larger = [.. rows[0]];
        foreach (byte[] other in rows.AsSpan(1))
        {
            for (int i = 0; i < larger.Length; i++)
            {
                larger[i] = Math.Max(larger[i], other[i]);
            }
        }

        return larger;
    }
}
