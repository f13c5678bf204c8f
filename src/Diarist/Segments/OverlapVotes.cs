using System.Numerics;
using Diarist.Numerics;
using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>
/// Which speakers each window hears in overlaps. In dense talk one local speaker of a window is often several people in turn, so its
/// frames alone near an overlap say more of who speaks there than those far away.
/// </summary>
internal sealed class OverlapVotes
{
    private const int WindowsAtOnce = 64;

    private readonly Section[][] _windows;

    private OverlapVotes(Section[][] windows) => _windows = windows;

    /// <summary>Frames of a window in which it hears the same local speakers, and who these are; −1 for nobody.</summary>
    private readonly record struct Section(int Start, int End, short First, short Second, short Third);

    /// <summary>Frames of a window in which it hears one local speaker, and the speaker of the frames.</summary>
    private readonly record struct Alone(int Start, int End, int Local, int Owner);

    /// <summary>Matches the local speakers of every window to different speakers, for each overlap by itself.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="owners">The speaker of the fine piece of every frame, −1 in silence.</param>
    /// <param name="centres">A unit vector for each speaker.</param>
    /// <param name="seconds">Frames so far from an overlap count 1/e of those beside it.</param>
    /// <param name="parallel">Threads, and what stops them; the votes do not depend on their number.</param>
    public static OverlapVotes Match(HeardSpeech heard, int[] owners, IReadOnlyList<double[]> centres, double seconds, ParallelOptions parallel)
    {
        Activity activity = heard.Activity;
        var weights = new double[activity.Frames + 1];
        double decay = Math.Exp(-SlidingWindow.FrameStep / seconds);
        for ((int frame, double weight) = (0, 1); frame < weights.Length; frame++, weight *= decay)
        {
            weights[frame] = weight;
        }

        var windows = new Section[activity.Windows][];
        Parallel.For(0, (activity.Windows + WindowsAtOnce - 1) / WindowsAtOnce, parallel, block =>
        {
            var alone = new List<Alone>();
            var sections = new List<Section>();
            for (int window = block * WindowsAtOnce; window < Math.Min((block + 1) * WindowsAtOnce, activity.Windows); window++)
            {
                Match(heard, owners, centres, weights, window, alone, sections);
                windows[window] = [.. sections];
            }
        });
        return new OverlapVotes(windows);
    }

    /// <summary>Adds the votes of a window for the speakers of a frame.</summary>
    /// <param name="window">The window.</param>
    /// <param name="frame">The frame, from the window's first.</param>
    /// <param name="votes">One place for each speaker.</param>
    public void Add(int window, int frame, Span<int> votes)
    {
        Section[] sections = _windows[window];
        int low = 0, high = sections.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sections[middle].End > frame ? (low, middle) : (middle + 1, high);
        }

        if (low < sections.Length && sections[low] is var section && section.Start <= frame)
        {
            AddOne(section.First, votes);
            AddOne(section.Second, votes);
            AddOne(section.Third, votes);
        }

        static void AddOne(short speaker, Span<int> votes)
        {
            if (speaker >= 0)
            {
                votes[speaker]++;
            }
        }
    }

    private static void Match(
        HeardSpeech heard, int[] owners, IReadOnlyList<double[]> centres, double[] weights, int window, List<Alone> alone, List<Section> sections)
    {
        alone.Clear();
        sections.Clear();
        int first = Math.Min(owners.Length, heard.Grid.FirstFrame(window));
        ReadOnlySpan<byte> masks = heard.Activity.Window(window);
        masks = masks[..Math.Min(masks.Length, owners.Length - first)];
        ReadOnlySpan<byte> counts = heard.Counts.AsSpan(first, masks.Length);
        if (!counts.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            return;
        }

        FindAlone(masks, owners.AsSpan(first), alone);
        int lone = LoneVoices.Find(masks, counts);
        var scores = new double[heard.Activity.Speakers * centres.Count];
        for (int start = 0, end; start < masks.Length; start = end)
        {
            end = start + 1;
            while (end < masks.Length && masks[end] == masks[start])
            {
                end++;
            }

            if (masks[start] != 0 && counts[start..end].ContainsAnyExceptInRange((byte)0, (byte)1))
            {
                Score(heard, centres, weights, window, masks[start], lone, start, end, alone, scores);
                int[] matched = Assignment.Maximize(scores, heard.Activity.Speakers, centres.Count);
                short Speaker(int local) => matched[local] >= 0 && scores[(local * centres.Count) + matched[local]] > 0 ? (short)matched[local] : (short)-1;
                sections.Add(new Section(start, end, Speaker(0), Speaker(1), Speaker(2)));
            }
        }
    }

    /// <summary>Stretches of frames of one owner in which the window hears one local speaker.</summary>
    private static void FindAlone(ReadOnlySpan<byte> masks, ReadOnlySpan<int> owners, List<Alone> alone)
    {
        for (int start = 0, end; start < masks.Length; start = end)
        {
            end = start + 1;
            while (end < masks.Length && masks[end] == masks[start] && owners[end] == owners[start])
            {
                end++;
            }

            if (BitOperations.IsPow2(masks[start]) && owners[start] >= 0)
            {
                alone.Add(new Alone(start, end, BitOperations.TrailingZeroCount(masks[start]), owners[start]));
            }
        }
    }

    private static void Score(
        HeardSpeech heard, IReadOnlyList<double[]> centres, double[] weights, int window, byte mask, int lone, int start, int end, List<Alone> alone, double[] scores)
    {
        scores.AsSpan().Clear();
        foreach (Alone stretch in alone)
        {
            if ((mask >> stretch.Local & 1) != 0)
            {
                ref double score = ref scores[(stretch.Local * centres.Count) + stretch.Owner];
                for (int frame = stretch.Start; frame < stretch.End; frame++)
                {
                    score += weights[frame < start ? start - frame : Math.Max(0, frame - end + 1)];
                }
            }
        }

        for (int local = 0; local < heard.Activity.Speakers; local++)
        {
            if ((mask & lone & (1 << local)) != 0)
            {
                SpeakerVotes.ScoreVoice(heard, centres, window, local, scores);
            }
        }
    }
}
