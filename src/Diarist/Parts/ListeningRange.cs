namespace Diarist.Parts;

/// <summary>A part of a recording that one machine listens to. Ranges that follow each other from 0 to infinity are the whole.</summary>
/// <param name="From">Its beginning in seconds, 0 or more.</param>
/// <param name="To">Its end in seconds, exclusive; <see cref="double.PositiveInfinity"/> for the last range of a recording.</param>
public readonly record struct ListeningRange(double From, double To)
{
    /// <summary>Cuts a recording into ranges.</summary>
    /// <param name="seconds">Its length, as far as it is known; the last range has no end, so that a wrong length loses nothing.</param>
    /// <param name="each">The length of a range in seconds, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is not positive, or there would be more than 10 000 ranges.</exception>
    public static IReadOnlyList<ListeningRange> Split(double seconds, double each)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(each, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds / each, 10_000);
        int count = Math.Max(1, (int)Math.Ceiling(seconds / each));
        return [.. Enumerable.Range(0, count).Select(index => new ListeningRange(index * each, index == count - 1 ? double.PositiveInfinity : (index + 1) * each))];
    }

    /// <summary>Whether something that begins at a time is this range's.</summary>
    internal bool Holds(double seconds) => seconds >= From && seconds < To;

    /// <summary>Requires a range that makes sense.</summary>
    internal void Require(string parameter)
    {
        if (!(From >= 0 && To > From))
        {
            throw new ArgumentOutOfRangeException(parameter, this, "A range begins at 0 or later and ends after its beginning.");
        }
    }
}
