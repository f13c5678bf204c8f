namespace Diarist.Scoring;

/// <summary>
/// How long every speaker of the reference talks together with every speaker of the hypothesis, found in one sweep over the
/// boundaries of both sides and of the scored regions.
/// </summary>
internal sealed class SpeakerOverlap
{
    private SpeakerOverlap(int referenceSpeakers, int hypothesisSpeakers)
    {
        Shared = new long[referenceSpeakers * hypothesisSpeakers];
        ReferenceTime = new long[referenceSpeakers];
        HypothesisTime = new long[hypothesisSpeakers];
    }

    /// <summary>Scored time that a pair shares: shape (reference speakers, hypothesis speakers), row-major.</summary>
    public long[] Shared { get; }

    /// <summary>Scored time of every reference speaker.</summary>
    public long[] ReferenceTime { get; }

    /// <summary>Scored time of every hypothesis speaker.</summary>
    public long[] HypothesisTime { get; }

    /// <summary>Σ max(0, reference speakers − hypothesis speakers) over scored time.</summary>
    public long Missed { get; private set; }

    /// <summary>Σ max(0, hypothesis speakers − reference speakers) over scored time.</summary>
    public long FalseAlarm { get; private set; }

    /// <summary>Σ min(reference speakers, hypothesis speakers) over scored time: what is right or confused.</summary>
    public long Common { get; private set; }

    /// <summary>Sweeps over both timelines inside the scored regions (sorted and disjoint).</summary>
    public static SpeakerOverlap Measure(SpeakerTimeline reference, SpeakerTimeline hypothesis, List<Interval> scored)
    {
        var overlap = new SpeakerOverlap(reference.Labels.Length, hypothesis.Labels.Length);
        var boundaries = new List<Boundary>();
        Collect(boundaries, Side.Scored, 0, scored);
        for (int speaker = 0; speaker < reference.Labels.Length; speaker++)
        {
            Collect(boundaries, Side.Reference, speaker, reference.Intervals[speaker]);
        }

        for (int speaker = 0; speaker < hypothesis.Labels.Length; speaker++)
        {
            Collect(boundaries, Side.Hypothesis, speaker, hypothesis.Intervals[speaker]);
        }

        boundaries.Sort((a, b) => a.Time.CompareTo(b.Time));
        overlap.Sweep(boundaries);
        return overlap;
    }

    private static void Collect(List<Boundary> boundaries, Side side, int speaker, List<Interval> intervals)
    {
        foreach (Interval interval in intervals)
        {
            boundaries.Add(new Boundary(interval.Start, side, speaker, Opens: true));
            boundaries.Add(new Boundary(interval.End, side, speaker, Opens: false));
        }
    }

    private void Sweep(List<Boundary> boundaries)
    {
        var reference = new List<int>();
        var hypothesis = new List<int>();
        bool scored = false;
        long since = 0;
        foreach (Boundary boundary in boundaries)
        {
            if (scored && boundary.Time > since && (reference.Count > 0 || hypothesis.Count > 0))
            {
                Account(boundary.Time - since, reference, hypothesis);
            }

            since = boundary.Time;
            if (boundary.Side == Side.Scored)
            {
                scored = boundary.Opens;
                continue;
            }

            List<int> active = boundary.Side == Side.Reference ? reference : hypothesis;
            if (boundary.Opens)
            {
                active.Add(boundary.Speaker);
            }
            else
            {
                active.Remove(boundary.Speaker);
            }
        }
    }

    private void Account(long time, List<int> reference, List<int> hypothesis)
    {
        int difference = reference.Count - hypothesis.Count;
        Missed += Math.Max(0, difference) * time;
        FalseAlarm += Math.Max(0, -difference) * time;
        Common += Math.Min(reference.Count, hypothesis.Count) * time;
        foreach (int row in reference)
        {
            ReferenceTime[row] += time;
            foreach (int column in hypothesis)
            {
                Shared[(row * HypothesisTime.Length) + column] += time;
            }
        }

        foreach (int column in hypothesis)
        {
            HypothesisTime[column] += time;
        }
    }

    private enum Side
    {
        Scored,
        Reference,
        Hypothesis,
    }

    private readonly record struct Boundary(long Time, Side Side, int Speaker, bool Opens);
}
