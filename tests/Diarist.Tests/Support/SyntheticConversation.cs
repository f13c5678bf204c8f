using Diarist.Embedding;
using Diarist.Reconstruction;
using Diarist.Segmentation;

namespace Diarist.Tests.Support;

/// <summary>A conversation made of arrays: turns, what a perfect segmentation sees of them in every window, and an embedding for each voice with noise.</summary>
internal sealed class SyntheticConversation
{
    private SyntheticConversation(IReadOnlyList<Turn> turns, Activity activity, Embeddings embeddings, string?[] voices)
    {
        Turns = turns;
        Activity = activity;
        Embeddings = embeddings;
        Voices = voices;
    }

    public IReadOnlyList<Turn> Turns { get; }

    public Activity Activity { get; }

    public Embeddings Embeddings { get; }

    /// <summary>The true speaker of every local speaker, shape (windows, speakers).</summary>
    public string?[] Voices { get; }

    public static SlidingWindow Grid { get; } = new();

    /// <summary>Speakers A, B, … take turns of 2 to 6 s with short pauses and now and then some overlap.</summary>
    public static SyntheticConversation Create(int seed, int speakers, double seconds, double noise = 0.5, int dimension = 48)
    {
        var random = new Random(seed);
        var turns = new List<Turn>();
        double time = 0.5;
        int previous = -1;
        while (time < seconds - 1)
        {
            int speaker = speakers == 1 ? 0 : (previous + 1 + random.Next(Math.Max(1, speakers - 1))) % speakers;
            double end = Math.Min(seconds, time + 2 + (4 * random.NextDouble()));
            turns.Add(new Turn(time, end, ((char)('A' + speaker)).ToString()));
            time = end + (random.NextDouble() < 0.2 && speaker != previous ? -0.5 : 0.4);
            previous = speaker;
        }

        return Create(turns, seconds, random.Next(), noise, dimension);
    }

    /// <summary>The arrays of given turns; in a window the speakers who begin first become its local speakers.</summary>
    public static SyntheticConversation Create(IReadOnlyList<Turn> turns, double seconds, int seed = 1, double noise = 0.5, int dimension = 48)
    {
        string[] names = [.. turns.Select(turn => turn.Speaker).Distinct().Order(StringComparer.Ordinal)];
        int windows = Grid.WindowCount((long)(seconds * SlidingWindow.SampleRate));
        var activity = new Activity(windows);
        var embeddings = new Embeddings(windows, dimension);
        var voices = new string?[windows * activity.Speakers];
        var centres = names.ToDictionary(name => name, name => RandomPoints.Voices(name[0], 1, dimension, 0, 1).Points[0].ToArray());
        var random = new Random(seed);
        for (int window = 0; window < windows; window++)
        {
            double start = window * Grid.Step;
            Turn[] heard = [.. turns.Where(turn => turn.Range.Overlap(new TimeRange(start, start + 10)) > 0)];
            string[] present = [.. heard
                .Where(turn => turn.Range.Overlap(new TimeRange(start, start + 9.9)) > 0.05)
                .OrderBy(turn => turn.Start).Select(turn => turn.Speaker).Distinct().Take(activity.Speakers)];
            random.Shuffle(present);
            for (int speaker = 0; speaker < present.Length; speaker++)
            {
                voices[(window * activity.Speakers) + speaker] = present[speaker];
                for (int frame = 0; frame < activity.Frames; frame++)
                {
                    double middle = start + TurnReconstruction.Boundary(frame);
                    bool speaks = heard.Any(turn => turn.Speaker == present[speaker] && turn.Range.Contains(middle));
                    activity.Window(window)[frame] |= (byte)(speaks ? 1 << speaker : 0);
                }

                double[] difference = RandomPoints.Voices(random.Next(), 1, dimension, 0, noise).Points[0].ToArray();
                for (int axis = 0; axis < dimension; axis++)
                {
                    embeddings[window, speaker][axis] = (float)(centres[present[speaker]][axis] + difference[axis]);
                }
            }
        }

        return new SyntheticConversation(turns, activity, embeddings, voices);
    }
}
