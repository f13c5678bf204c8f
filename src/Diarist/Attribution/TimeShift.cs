namespace Diarist.Attribution;

/// <summary>
/// Finds whether the times of a transcript lie some seconds beside those of turns, as when the recording was cut or a recognizer began to count late.
/// Texts and turns hold speech at the same time if both are of one axis; what only one of them holds is least where they fit.
/// </summary>
internal static class TimeShift
{
    private const double Farthest = 60;
    private const double CoarseStep = 0.4;
    private const double FineStep = 0.1;

    // Times of recognizers are off by some tenths of a second.
    private const double Nearest = 1;
    private const double Careless = 0.4;

    // Less speech, or less gain, may be chance; docs/accuracy.md has how often a shift is found.
    private const double FewestSeconds = 10;
    private const double LeastGain = 3;
    private const double LeastShareGained = 0.05;
    private const double MostLeft = 0.75;

    /// <summary>By how many seconds the texts are late (negative: early), with what does not fit as they stand and after they are moved, in seconds.</summary>
    /// <returns>Null where they fit best as they stand, or nothing certain can be said.</returns>
    public static (double Late, double Before, double After)? Find(IEnumerable<TimeRange> texts, TurnTimeline turns)
    {
        var said = SpeechStretches.Of(texts);
        double seconds = said.Seconds;
        if (seconds < FewestSeconds)
        {
            return null;
        }

        var heard = SpeechStretches.Of(turns);
        double Misfit(double late) => seconds + heard.Between(said.Start - late, said.End - late) - (2 * said.Shared(heard, late));

        double before = Shifts(0, Careless, FineStep).Min(Misfit);
        double least = Math.Max(LeastGain, LeastShareGained * seconds);
        if (before < least)
        {
            return null;
        }

        double coarse = Shifts(0, Farthest, CoarseStep).MinBy(Misfit);
        double late = Shifts(coarse, CoarseStep, FineStep).MinBy(Misfit);
        double after = Misfit(late);
        return Math.Abs(late) >= Nearest && after <= MostLeft * before && before - after >= least ? (late, before, after) : null;
    }

    private static IEnumerable<double> Shifts(double middle, double reach, double step)
    {
        int count = (int)Math.Round(reach / step);
        return Enumerable.Range(-count, (2 * count) + 1).Select(index => middle + (index * step));
    }
}
