namespace Diarist.Attribution;

/// <summary>
/// Time as whole steps of 2⁻²⁰ milliseconds. Sums of steps are exact in any order, times on the millisecond grid stay
/// exact when they are shifted by whole milliseconds or scaled by a power of two, and ties are therefore real ties.
/// </summary>
internal static class Ticks
{
    private const double PerSecond = 1000.0 * (1 << 20);

    /// <summary>The largest time, in seconds, that is accepted: about 127 years either way.</summary>
    public const double MaximumSeconds = 4e9;

    /// <summary>Whether <paramref name="seconds"/> is a number within reach.</summary>
    public static bool IsTime(double seconds) => Math.Abs(seconds) <= MaximumSeconds;

    /// <summary>The nearest step.</summary>
    public static long From(double seconds) => (long)Math.Round(seconds * PerSecond);

    /// <summary>
    /// The steps of a range; false when an end is not a time. A range that ends before it starts counts as the instant
    /// at its start.
    /// </summary>
    public static bool TryFrom(TimeRange? range, out long start, out long end)
    {
        start = end = 0;
        if (range is not { } known || !IsTime(known.Start) || !IsTime(known.End))
        {
            return false;
        }

        start = From(known.Start);
        end = Math.Max(start, From(known.End));
        return true;
    }

    /// <summary>The steps in seconds.</summary>
    public static double ToSeconds(long steps) => steps / PerSecond;
}
