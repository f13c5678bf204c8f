namespace Diarist.Attribution;

/// <summary>Measures how long each speaker holds an interval, and makes the choice of a speaker from it. Times are in steps of <see cref="Ticks"/>.</summary>
internal sealed class OverlapMeter(TurnTimeline timeline, AttributionPolicy policy, SpeakerEvidence? evidence, SpeakerProbabilities? probabilities = null)
{
    /// <summary>Nobody's index.</summary>
    public const int Nobody = -1;

    private readonly long[] _held = new long[timeline.Labels.Length];
    private readonly double[] _certain = new double[timeline.Labels.Length];
    private readonly long[] _shared = new long[timeline.Labels.Length];
    private readonly List<int> _touched = [];

    /// <summary>Who holds the interval under the policy: the index of a label, or <see cref="Nobody"/>.</summary>
    public int Decide(long start, long end)
    {
        Measure(start, end);
        int winner = Nobody;
        foreach (int speaker in _touched)
        {
            if (winner == Nobody || Beats(speaker, winner))
            {
                winner = speaker;
            }
        }

        if (winner != Nobody && policy.Edges == EdgeRule.Midpoint)
        {
            winner = AtMidpoint(start + ((end - start) / 2), winner);
        }

        return winner == Nobody && policy.Uncovered == UncoveredWords.Nearest ? NearestTo(start, end) : winner;
    }

    /// <summary>Whether any turn holds some of the interval.</summary>
    public bool Holds(long start, long end)
    {
        Measure(start, end);
        return _touched.Count > 0;
    }

    /// <summary>The share of the interval that was decided last which a speaker certainly holds, 0 to 1.</summary>
    public double CertaintyOf(long start, long end, int speaker) =>
        speaker == Nobody ? 0 : Math.Clamp(_certain[speaker] / Math.Max(1, end - start), 0, 1);

    /// <summary>The choice of <paramref name="speaker"/> for the interval, with its evidence.</summary>
    public SpeakerChoice Describe(long start, long end, int speaker)
    {
        if (speaker == Nobody)
        {
            return SpeakerChoice.Nobody;
        }

        Measure(start, end);
        double length = Math.Max(1, end - start);
        int runnerUp = RunnerUpOf(speaker);
        double confidence = Confidence(start, end, speaker, runnerUp);
        return new SpeakerChoice
        {
            Speaker = timeline.Labels[speaker],
            Confidence = confidence,
            RunnerUp = runnerUp == Nobody ? null : timeline.Labels[runnerUp],
            Overlapping = runnerUp == Nobody ? [] : TalkingWith(speaker, start, end, length),
            Uncertain = confidence < policy.UncertainBelow,
        };
    }

    /// <summary>
    /// The probability that the speaker says the interval that was measured last; 0 where no turn holds it. Where a rule gave it to another one than who holds
    /// most of it, that is the probability that this one is wrong. A network that labels the recording itself says it for each speaker.
    /// </summary>
    private double Confidence(long start, long end, int speaker, int runnerUp)
    {
        bool given = runnerUp != Nobody && Beats(runnerUp, speaker);
        int holder = given ? runnerUp : speaker;
        if (_held[holder] == 0)
        {
            return 0;
        }

        var range = new TimeRange(Ticks.ToSeconds(start), Ticks.ToSeconds(end));
        if (probabilities?.Of(range, timeline.Labels[speaker]) is { } heard)
        {
            return heard;
        }

        double probability = WordConfidence.Of(SignsOf(start, end, holder), evidence?.Mean(range));
        return given ? 1 - probability : probability;
    }

    /// <summary>What turns say for and against the one who holds most of the interval that was measured last.</summary>
    public WordSigns SignsOf(long start, long end, int holder)
    {
        int rival = RunnerUpOf(holder);
        return WordSigns.Of(
            timeline, start, end, holder, _held[holder] == 0 ? 0 : _certain[holder] / _held[holder], rival == Nobody ? 0 : _held[rival] / (double)Math.Max(1, end - start));
    }

    private int RunnerUpOf(int speaker)
    {
        int runnerUp = Nobody;
        foreach (int other in _touched)
        {
            if (other != speaker && (runnerUp == Nobody || Beats(other, runnerUp)))
            {
                runnerUp = other;
            }
        }

        return runnerUp;
    }

    private bool Beats(int speaker, int other) =>
        _held[speaker] != _held[other] ? _held[speaker] > _held[other] : speaker < other;

    /// <summary>Fills the time that each speaker holds; an instant counts as one step for everybody who talks then.</summary>
    private void Measure(long start, long end)
    {
        foreach (int speaker in _touched)
        {
            _held[speaker] = 0;
            _certain[speaker] = 0;
        }

        _touched.Clear();
        for (int interval = timeline.FirstFrom(start); timeline.TryShare(interval, start, end, out long time); interval++)
        {
            ReadOnlySpan<int> speakers = timeline.SpeakersOf(interval);
            ReadOnlySpan<double> confidences = timeline.ConfidencesOf(interval);
            for (int i = 0; i < speakers.Length; i++)
            {
                if (_held[speakers[i]] == 0)
                {
                    _touched.Add(speakers[i]);
                }

                _held[speakers[i]] += time;
                _certain[speakers[i]] += time * confidences[i];
            }
        }
    }

    private int AtMidpoint(long middle, int otherwise)
    {
        int interval = timeline.IntervalAt(middle);
        int winner = Nobody;
        if (interval >= 0 && interval < timeline.Count)
        {
            foreach (int speaker in timeline.SpeakersOf(interval))
            {
                if (winner == Nobody || Beats(speaker, winner))
                {
                    winner = speaker;
                }
            }
        }

        return winner == Nobody ? otherwise : winner;
    }

    /// <summary>The nearest speaker within the gap; nothing overlaps, so both neighbours touch one silent interval.</summary>
    private int NearestTo(long start, long end)
    {
        int at = timeline.IntervalAt(start);
        long reach = Ticks.From(policy.MaximumGap);
        int winner = Nobody;
        long nearest = long.MaxValue;
        foreach (int interval in (ReadOnlySpan<int>)[at - 1, at + 1])
        {
            if (interval < 0 || interval >= timeline.Count)
            {
                continue;
            }

            var bounds = timeline.BoundsOf(interval);
            long gap = interval < at ? start - bounds.End : bounds.Start - end;
            int speaker = timeline.SpeakersOf(interval)[0];
            if (gap <= reach && (gap < nearest || (gap == nearest && speaker < winner)))
            {
                (winner, nearest) = (speaker, gap);
            }
        }

        return winner;
    }

    private string[] TalkingWith(int speaker, long start, long end, double length)
    {
        for (int interval = timeline.FirstFrom(start); timeline.TryShare(interval, start, end, out long time); interval++)
        {
            ReadOnlySpan<int> speakers = timeline.SpeakersOf(interval);
            if (speakers.Contains(speaker))
            {
                foreach (int other in speakers)
                {
                    _shared[other] += time;
                }
            }
        }

        var labels = new List<string>();
        _touched.Sort();
        foreach (int other in _touched)
        {
            if (other != speaker && _shared[other] > 0 && _shared[other] >= policy.OverlapShare * length)
            {
                labels.Add(timeline.Labels[other]);
            }

            _shared[other] = 0;
        }

        return [.. labels];
    }
}
