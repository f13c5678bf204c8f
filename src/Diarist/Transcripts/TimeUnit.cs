namespace Diarist.Transcripts;

/// <summary>
/// Whether the times of a list are seconds or a smaller unit, which tools write under the same names. They are smaller
/// when all are whole, the middle item would last minutes, and nobody could speak so slowly; then the unit counts that
/// comes nearest to the speed of speech.
/// </summary>
internal static class TimeUnit
{
    private const double Minutes = 100;
    private const double SlowestLettersPerSecond = 0.3;
    private const double SlowestOfFractions = 0.05;
    private const double UsualLettersPerSecond = 12;

    // Milliseconds, hundredths, microseconds, ticks of 100 ns, nanoseconds.
    private static readonly double[] Units = [1e3, 1e2, 1e6, 1e7, 1e9];

    /// <summary>The units in a second: 1, or one of the smaller ones. From lengths as they are written, whether both ends are whole numbers, and letters.</summary>
    /// <param name="items">One for each text.</param>
    public static double Of(IReadOnlyCollection<(double Length, bool Whole, int Letters)> items)
    {
        double[] lengths = [.. items.Select(item => item.Length).Order()];
        double letters = items.Sum(item => (double)item.Letters);
        double sum = lengths.Sum();
        double slowest = items.All(item => item.Whole) ? SlowestLettersPerSecond : SlowestOfFractions;
        if (lengths.Length == 0 || lengths[lengths.Length / 2] < Minutes || letters >= slowest * sum)
        {
            return 1;
        }

        if (letters == 0)
        {
            return slowest == SlowestLettersPerSecond ? Units[0] : 1;
        }

        // The middle item: a damaged time makes one item long, and with it the sum.
        double[] rates = [.. items.Where(item => item.Letters > 0 && item.Length > 0).Select(item => item.Letters / item.Length).Order()];
        double rate = rates.Length > 0 ? rates[rates.Length / 2] : letters / sum;
        return Units.MinBy(unit => Math.Abs(Math.Log(rate * unit / UsualLettersPerSecond)));
    }
}
