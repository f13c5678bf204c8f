using Diarist.Segmentation;

namespace Diarist.Pipeline;

/// <summary>Some seconds of one speaker alone, taken from a recording whose turns are known.</summary>
internal sealed class SpeakerExcerpts
{
    /// <summary>So many seconds tell a voice; docs/identity.md has 2, 5 and 15 s.</summary>
    private const double MaximumSeconds = 15;

    // Excerpts do not touch, so that no piece of speech goes from one into the next.
    private const int PauseSamples = SlidingWindow.SampleRate / 4;

    private readonly List<float[]> _samples = [];

    private SpeakerExcerpts(string label) => Label = label;

    /// <summary>The speaker.</summary>
    public string Label { get; }

    /// <summary>Takes the excerpts of all speakers in one pass.</summary>
    /// <param name="read">The recording at 16 kHz.</param>
    /// <param name="labels">The speakers.</param>
    /// <param name="turns">Their turns.</param>
    /// <param name="report">Told how many seconds were read.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One for each label, in order; empty where a speaker never speaks alone.</returns>
    public static SpeakerExcerpts[] Read(SampleReader read, IReadOnlyList<string> labels, IReadOnlyList<Turn> turns, Action<DiarizationStage, double> report, CancellationToken cancellationToken)
    {
        SpeakerExcerpts[] excerpts = [.. labels.Select(label => new SpeakerExcerpts(label))];
        Queue<(long From, long To, SpeakerExcerpts Speaker)> wanted = new(Choose(excerpts, turns).OrderBy(part => part.From));
        float[] block = new float[SlidingWindow.SampleRate];
        float[]? current = null;
        long position = 0;
        while (wanted.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = read(block);
            if (count == 0)
            {
                break;
            }

            while (wanted.TryPeek(out var next) && next.From < position + count)
            {
                if (current is null)
                {
                    current = new float[next.To - next.From];
                    next.Speaker._samples.Add(current);
                }

                (long from, long to) = (Math.Max(next.From, position), Math.Min(next.To, position + count));
                block.AsSpan((int)(from - position), (int)(to - from)).CopyTo(current.AsSpan((int)(from - next.From)));
                if (to < next.To)
                {
                    break;
                }

                wanted.Dequeue();
                current = null;
            }

            position += count;
            report(DiarizationStage.Listening, position / (double)SlidingWindow.SampleRate);
        }

        return excerpts;
    }

    /// <summary>The excerpts one after the other with pauses between.</summary>
    public SampleReader Reader()
    {
        float[] all = new float[_samples.Sum(excerpt => excerpt.Length + PauseSamples)];
        int end = 0;
        foreach (float[] excerpt in _samples)
        {
            excerpt.CopyTo(all, end);
            end += excerpt.Length + PauseSamples;
        }

        int position = 0;
        return samples =>
        {
            int count = Math.Min(samples.Length, all.Length - position);
            all.AsSpan(position, count).CopyTo(samples);
            position += count;
            return count;
        };
    }

    /// <summary>The longest stretches in which only one person speaks, until there are enough of each.</summary>
    private static IEnumerable<(long From, long To, SpeakerExcerpts Speaker)> Choose(SpeakerExcerpts[] excerpts, IReadOnlyList<Turn> turns)
    {
        ILookup<string, TimeRange> alone = Alone(turns).ToLookup(part => part.Speaker, part => part.Range, StringComparer.Ordinal);
        foreach (SpeakerExcerpts speaker in excerpts)
        {
            double left = MaximumSeconds;
            foreach (TimeRange range in alone[speaker.Label].OrderByDescending(range => range.Duration).ThenBy(range => range.Start))
            {
                long from = (long)Math.Round(range.Start * SlidingWindow.SampleRate);
                long to = (long)Math.Round(Math.Min(range.End, range.Start + left) * SlidingWindow.SampleRate);
                left -= range.Duration;
                if (to > from)
                {
                    yield return (from, to, speaker);
                }

                if (left <= 0)
                {
                    break;
                }
            }
        }
    }

    private static List<Turn> Alone(IReadOnlyList<Turn> turns)
    {
        var edges = turns.Where(turn => turn.End > turn.Start)
            .SelectMany(turn => ((double Time, int Change, string Speaker)[])[(turn.Start, 1, turn.Speaker), (turn.End, -1, turn.Speaker)])
            .OrderBy(edge => edge.Time).ThenBy(edge => edge.Change);
        var active = new Dictionary<string, int>(StringComparer.Ordinal);
        var alone = new List<Turn>();
        double since = 0;
        foreach ((double time, int change, string speaker) in edges)
        {
            if (time > since && active.Count == 1)
            {
                alone.Add(new Turn(since, time, active.Keys.First()));
            }

            since = time;
            int number = active.GetValueOrDefault(speaker) + change;
            if (number > 0)
            {
                active[speaker] = number;
            }
            else
            {
                active.Remove(speaker);
            }
        }

        return alone;
    }
}
