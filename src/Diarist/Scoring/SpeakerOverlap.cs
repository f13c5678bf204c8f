namespace Diarist.Scoring;

/// <summary>
/// How long every speaker of the reference talks together with every speaker of the hypothesis, found in one sweep over the
/// boundaries of both sides and of the scored regions.
/// </summary>
internal sealed class SpeakerOverlap
{
    private SpeakerOverlap(int referenceSpeakers, int hypothesisSpeakers)
    {
        ReferenceTime = new long[referenceSpeakers];
        HypothesisTime = new long[hypothesisSpeakers];
    }

    /// <summary>Scored time that a pair (reference speaker, hypothesis speaker) shares; pairs that share none are absent.</summary>
    public Dictionary<(int Row, int Column), long> Shared { get; } = [];

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
        // The scored time up to here runs on only inside the regions, so a span is the difference of two readings. A pair is
        // accounted for when one of the two falls silent: the work grows with the turns that meet, not with all that talk at once.
        var reference = new Talking(ReferenceTime.Length);
        var hypothesis = new Talking(HypothesisTime.Length);
        bool scored = false;
        long clock = 0;
        long since = 0;
        foreach (Boundary boundary in boundaries)
        {
            if (scored && boundary.Time > since && (reference.Count > 0 || hypothesis.Count > 0))
            {
                clock += Account(boundary.Time - since, reference.Count, hypothesis.Count);
            }

            since = boundary.Time;
            if (boundary.Side == Side.Scored)
            {
                scored = boundary.Opens;
                continue;
            }

            bool isReference = boundary.Side == Side.Reference;
            Talking own = isReference ? reference : hypothesis;
            if (boundary.Opens)
            {
                own.Add(boundary.Speaker, clock);
                continue;
            }

            long begun = own.Remove(boundary.Speaker);
            (isReference ? ReferenceTime : HypothesisTime)[boundary.Speaker] += clock - begun;
            foreach ((int other, long otherBegun) in (isReference ? hypothesis : reference).All)
            {
                long time = clock - Math.Max(begun, otherBegun);
                if (time > 0)
                {
                    (int, int) pair = isReference ? (boundary.Speaker, other) : (other, boundary.Speaker);
                    Shared[pair] = Shared.GetValueOrDefault(pair) + time;
                }
            }
        }
    }

    private long Account(long time, int reference, int hypothesis)
    {
        int difference = reference - hypothesis;
        Missed += Math.Max(0, difference) * time;
        FalseAlarm += Math.Max(0, -difference) * time;
        Common += Math.Min(reference, hypothesis) * time;
        return time;
    }

    /// <summary>The speakers of one side that talk now, each with the clock's reading when it began.</summary>
    private sealed class Talking(int speakers)
    {
        private readonly List<(int Speaker, long Begun)> _all = [];
        private readonly int[] _place = new int[speakers];

        public int Count => _all.Count;

        public List<(int Speaker, long Begun)> All => _all;

        public void Add(int speaker, long clock)
        {
            _place[speaker] = _all.Count;
            _all.Add((speaker, clock));
        }

        public long Remove(int speaker)
        {
            int place = _place[speaker];
            long begun = _all[place].Begun;
            _all[place] = _all[^1];
            _place[_all[place].Speaker] = place;
            _all.RemoveAt(_all.Count - 1);
            return begun;
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
