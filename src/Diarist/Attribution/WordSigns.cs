namespace Diarist.Attribution;

/// <summary>What turns say for and against the one who holds most of a word.</summary>
/// <param name="Agreement">The confidence of the turns that hold it, 0 to 1.</param>
/// <param name="Rival">The share of the word that the strongest other speaker's turns hold, 0 to 1.</param>
/// <param name="Around">The share of time in which others speak, from a quarter of a second before the word to a quarter after it, 0 to 1.</param>
/// <param name="Nearest">Seconds from the middle of the word to the nearest speech of somebody else, up to <see cref="Furthest"/>.</param>
/// <param name="Length">Seconds of the speaker's uninterrupted speech around the middle of the word, each side up to <see cref="Furthest"/>.</param>
internal readonly record struct WordSigns(double Agreement, double Rival, double Around, double Nearest, double Length)
{
    /// <summary>What is further away than so many seconds does not count.</summary>
    public const double Furthest = 2;

    private const double Beside = 0.25;

    // A bound for files with countless turns within seconds.
    private const int MostIntervals = 64;

    /// <summary>Reads the signs off turns.</summary>
    /// <param name="timeline">The turns.</param>
    /// <param name="start">The start of the word, in steps of <see cref="Ticks"/>.</param>
    /// <param name="end">Its end.</param>
    /// <param name="holder">Who holds most of it.</param>
    /// <param name="agreement">The mean confidence of the turns that hold it.</param>
    /// <param name="rival">The share that the strongest other speaker holds.</param>
    public static WordSigns Of(TurnTimeline timeline, long start, long end, int holder, double agreement, double rival)
    {
        long middle = start + ((end - start) / 2);
        long beside = Ticks.From(Beside);
        return new WordSigns(
            Math.Clamp(agreement, 0, 1),
            Math.Clamp(rival, 0, 1),
            OthersShare(timeline, start - beside, end + beside, holder),
            NearestOther(timeline, middle, holder),
            Reach(timeline, middle, holder, -1) + Reach(timeline, middle, holder, 1));
    }

    /// <summary>Seconds to the nearest interval in which somebody else speaks.</summary>
    private static double NearestOther(TurnTimeline timeline, long middle, int holder)
    {
        int at = timeline.IntervalAt(middle);
        long nearest = Ticks.From(Furthest);
        foreach (int direction in (ReadOnlySpan<int>)[-1, 1])
        {
            for (int step = 0; step < MostIntervals; step++)
            {
                int interval = at + (direction * step);
                if (interval < 0 || interval >= timeline.Count)
                {
                    if (step > 0)
                    {
                        break;
                    }

                    continue;
                }

                (long from, long to) = timeline.BoundsOf(interval);
                long distance = Math.Max(0, direction > 0 ? from - middle : middle - to);
                if (distance >= nearest)
                {
                    break;
                }

                if (HasOther(timeline, interval, holder))
                {
                    nearest = distance;
                    break;
                }
            }
        }

        return Ticks.ToSeconds(nearest);
    }

    private static double OthersShare(TurnTimeline timeline, long start, long end, int holder)
    {
        long sum = 0;
        int first = timeline.FirstFrom(start);
        for (int interval = first; interval < first + MostIntervals && timeline.TryShare(interval, start, end, out long time); interval++)
        {
            sum += HasOther(timeline, interval, holder) ? time : 0;
        }

        return Math.Min(1, sum / (double)(end - start));
    }

    /// <summary>Seconds from the middle to where the holder's speech ends in one direction.</summary>
    private static double Reach(TurnTimeline timeline, long middle, int holder, int direction)
    {
        long reach = 0;
        int at = timeline.IntervalAt(middle);
        for (int step = 0, interval = at; step < MostIntervals && interval >= 0 && interval < timeline.Count && timeline.SpeakersOf(interval).Contains(holder); step++, interval += direction)
        {
            (long from, long to) = timeline.BoundsOf(interval);
            reach = direction > 0 ? to - middle : middle - from;
        }

        return Math.Min(Ticks.ToSeconds(reach), Furthest);
    }

    private static bool HasOther(TurnTimeline timeline, int interval, int holder)
    {
        ReadOnlySpan<int> speakers = timeline.SpeakersOf(interval);
        return speakers.Length > 1 || (speakers.Length == 1 && speakers[0] != holder);
    }
}
