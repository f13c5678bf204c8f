using Diarist.Scoring;

namespace Diarist.Accuracy.Pieces;

/// <summary>Where one person is taken for another, in hundredths of a second, and of what kind such places are.</summary>
internal sealed class ConfusedTime
{
    private const double Step = 0.01;

    // Beside a change of speakers within so many seconds it is the border that is wrong; a longer stretch is not a stray piece.
    private const double Border = 0.3, Stray = 1.5;

    /// <summary>Seconds of each kind.</summary>
    public SortedDictionary<string, double> Seconds { get; } = new(StringComparer.Ordinal);

    /// <summary>Each stretch of one kind.</summary>
    public List<(TimeRange Range, string Kind)> Stretches { get; } = [];

    /// <summary>Finds the places.</summary>
    public static ConfusedTime Of(FolderRecording recording, IReadOnlyList<Turn> turns, double duration)
    {
        IReadOnlyList<SpeakerMatch> mapping = DiarizationErrorRate.Compute(recording.Truth, turns, new DiarizationScoringOptions { Regions = recording.Regions }).Mapping;
        Dictionary<string, string> person = mapping.Where(match => match.Hypothesis is not null).ToDictionary(match => match.Hypothesis!, match => match.Reference ?? "?" + match.Hypothesis);
        List<string>[] truth = Raster(recording.Truth, duration), said = Raster([.. turns.Select(turn => turn with { Speaker = person.GetValueOrDefault(turn.Speaker, "?" + turn.Speaker) })], duration);
        var kinds = new string?[truth.Length];
        var found = new ConfusedTime();
        for (int at = 0; at < truth.Length; at++)
        {
            int confused = Math.Min(truth[at].Count, said[at].Count) - truth[at].Count(said[at].Contains);
            if (confused <= 0 || (recording.Regions is { } regions && !regions.Any(region => region.Start <= at * Step && at * Step < region.End)))
            {
                continue;
            }

            kinds[at] = said[at].Count > 1 && truth[at].Count > 1 ? "overlap, another voice" : said[at].Count > 1 ? "overlap that is none" : truth[at].Count > 1 ? "overlap not heard" : "alone";
        }

        for (int start = 0, end; start < kinds.Length; start = end)
        {
            end = start + 1;
            while (end < kinds.Length && kinds[end] == kinds[start])
            {
                end++;
            }

            if (kinds[start] is not { } kind)
            {
                continue;
            }

            if (kind == "alone")
            {
                double length = (end - start) * Step;
                bool border = recording.Truth.Any(turn => Math.Abs(turn.Start - (start * Step)) < Border || Math.Abs(turn.End - (end * Step)) < Border) && length < 2 * Border;
                kind = border ? "alone, border" : length < Stray ? "alone, stray" : "alone, long";
            }

            int weight = Enumerable.Range(start, end - start).Sum(at => Math.Min(truth[at].Count, said[at].Count) - truth[at].Count(said[at].Contains));
            found.Seconds[kind] = found.Seconds.GetValueOrDefault(kind) + (weight * Step);
            found.Stretches.Add((new TimeRange(start * Step, end * Step), $"{kind}: {string.Join('+', truth[start])} as {string.Join('+', said[start])}"));
        }

        return found;
    }

    private static List<string>[] Raster(IReadOnlyList<Turn> turns, double duration)
    {
        List<string>[] frames = [.. Enumerable.Range(0, (int)(duration / Step) + 1).Select(_ => new List<string>())];
        foreach (Turn turn in turns)
        {
            for (int at = Math.Max(0, (int)Math.Ceiling((turn.Start / Step) - 0.5)); at < Math.Min(frames.Length, (turn.End / Step) - 0.5); at++)
            {
                if (!frames[at].Contains(turn.Speaker))
                {
                    frames[at].Add(turn.Speaker);
                }
            }
        }

        return frames;
    }
}
