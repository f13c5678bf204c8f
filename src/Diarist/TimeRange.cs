using System.Globalization;

namespace Diarist;

/// <summary>A half-open interval of time, [<see cref="Start"/>, <see cref="End"/>), in seconds from the start of a recording.</summary>
/// <param name="Start">The first instant that belongs to the interval, in seconds.</param>
/// <param name="End">The first instant after it, in seconds; the interval is empty unless it is greater than <paramref name="Start"/>.</param>
public readonly record struct TimeRange(double Start, double End) : IComparable<TimeRange>
{
    /// <summary>The length in seconds; 0 for an empty interval, never negative.</summary>
    public double Duration => End > Start ? End - Start : 0;

    /// <summary>Whether no instant belongs to the interval (also when an end is NaN).</summary>
    public bool IsEmpty => !(End > Start);

    /// <summary>The instant half-way between the ends, in seconds.</summary>
    public double Middle => Start + ((End - Start) / 2);

    /// <summary>Whether <paramref name="time"/> (seconds) belongs to the interval.</summary>
    public bool Contains(double time) => time >= Start && time < End;

    /// <summary>The seconds that both intervals share; 0 when they only touch.</summary>
    public double Overlap(TimeRange other) => Intersect(other).Duration;

    /// <summary>The interval that both share; empty when they do not overlap.</summary>
    public TimeRange Intersect(TimeRange other) => new(Math.Max(Start, other.Start), Math.Min(End, other.End));

    /// <summary>Orders by start, then by end.</summary>
    public int CompareTo(TimeRange other)
    {
        int byStart = Start.CompareTo(other.Start);
        return byStart != 0 ? byStart : End.CompareTo(other.End);
    }

    /// <summary>The ends with three decimals, in the invariant culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Start:0.000}, {End:0.000})");

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(TimeRange left, TimeRange right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/> or equals it.</summary>
    public static bool operator <=(TimeRange left, TimeRange right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(TimeRange left, TimeRange right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/> or equals it.</summary>
    public static bool operator >=(TimeRange left, TimeRange right) => left.CompareTo(right) >= 0;
}
