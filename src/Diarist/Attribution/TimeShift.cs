namespace Diarist.Attribution;

/// <summary>
/// Finds whether the times of a transcript lie some seconds beside those of turns, as when the recording was cut or a recognizer began to count late.
/// Texts and turns hold speech at the same time if both are of one axis; what only one of them holds is least where they fit.
/// </summary>
internal static class TimeShift
{
    // Recognizers and diarizers end words and turns differently; shorter pauses say nothing.
    private const double ShortestPause = 0.3;
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

    // Two hours of speech with a pause every few seconds.
    private const int MostStretches = 2000;

    /// <summary>By how many seconds the texts are late (negative: early), with what does not fit as they stand and after they are moved, in seconds.</summary>
    /// <returns>Null where they fit best as they stand, or nothing certain can be said.</returns>
    public static (double Late, double Before, double After)? Find(IEnumerable<TimeRange> texts, TurnTimeline turns)
    {
        List<TimeRange> said = Stretches(texts);
        if (said.Count > MostStretches)
        {
            said.RemoveRange(MostStretches, said.Count - MostStretches);
        }

        double seconds = said.Sum(range => range.Duration);
        if (seconds < FewestSeconds)
        {
            return null;
        }

        var heard = new Speech(Stretches(Held(turns)));
        double Misfit(double late)
        {
            double shared = said.Sum(range => heard.Until(range.End - late) - heard.Until(range.Start - late));
            return seconds + heard.Until(said[^1].End - late) - heard.Until(said[0].Start - late) - (2 * shared);
        }

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

    private static IEnumerable<TimeRange> Held(TurnTimeline turns) => Enumerable.Range(0, turns.Count)
        .Where(interval => turns.SpeakersOf(interval).Length > 0)
        .Select(interval => new TimeRange(Ticks.ToSeconds(turns.BoundsOf(interval).Start), Ticks.ToSeconds(turns.BoundsOf(interval).End)));

    // In order, joined over short pauses.
    private static List<TimeRange> Stretches(IEnumerable<TimeRange> ranges)
    {
        var stretches = new List<TimeRange>();
        foreach (TimeRange range in ranges.Where(range => range.End >= range.Start).OrderBy(range => range.Start))
        {
            if (stretches.Count > 0 && range.Start <= stretches[^1].End + ShortestPause)
            {
                stretches[^1] = new TimeRange(stretches[^1].Start, Math.Max(stretches[^1].End, range.End));
            }
            else
            {
                stretches.Add(range);
            }
        }

        return stretches;
    }

    /// <summary>Stretches of speech with the seconds of it before each.</summary>
    private sealed class Speech
    {
        private readonly double[] _starts;
        private readonly double[] _before;
        private readonly double[] _lengths;

        public Speech(List<TimeRange> stretches)
        {
            _starts = [.. stretches.Select(stretch => stretch.Start)];
            _lengths = [.. stretches.Select(stretch => stretch.Duration)];
            _before = new double[_lengths.Length];
            for (int i = 1; i < _before.Length; i++)
            {
                _before[i] = _before[i - 1] + _lengths[i - 1];
            }
        }

        /// <summary>The seconds of speech before <paramref name="time"/>.</summary>
        public double Until(double time)
        {
            int found = Array.BinarySearch(_starts, time);
            int stretch = found >= 0 ? found : ~found - 1;
            return stretch < 0 ? 0 : _before[stretch] + Math.Min(time - _starts[stretch], _lengths[stretch]);
        }
    }
}
