namespace Diarist.Attribution;

/// <summary>Reconciles acoustic turns with the speakers that a transcript itself names.</summary>
public static class SpeakerNames
{
    /// <summary>
    /// The acoustic turns under the names of the transcript: each label takes the name with which it shares the most
    /// time, each name is taken once, and the pair that shares most goes first (ties: the lower label, then the lower
    /// name). Labels without a partner keep their own.
    /// </summary>
    /// <param name="acoustic">The turns that were heard.</param>
    /// <param name="named">
    /// The turns that the transcript names (the transcript's own turns). One without length, of which only the start is known, lasts until the next begins.
    /// </param>
    public static IReadOnlyList<Turn> Transfer(IReadOnlyList<Turn> acoustic, IReadOnlyList<Turn> named)
    {
        ArgumentNullException.ThrowIfNull(acoustic);
        ArgumentNullException.ThrowIfNull(named);
        var shared = new Dictionary<(string Label, string Name), long>();
        var names = new TurnTimeline(WithEnds(named, acoustic));
        foreach (Turn turn in acoustic)
        {
            if (!Ticks.TryFrom(turn.Range, out long start, out long end) || end <= start)
            {
                continue;
            }

            for (int interval = names.FirstFrom(start); names.TryShare(interval, start, end, out long time); interval++)
            {
                foreach (int name in names.SpeakersOf(interval))
                {
                    var pair = (turn.Speaker, names.Labels[name]);
                    shared[pair] = shared.GetValueOrDefault(pair) + time;
                }
            }
        }

        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var ((label, name), _) in shared.OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key.Label, StringComparer.Ordinal).ThenBy(pair => pair.Key.Name, StringComparer.Ordinal))
        {
            if (!taken.ContainsValue(name))
            {
                taken.TryAdd(label, name);
            }
        }

        return [.. acoustic.Select(turn => turn with { Speaker = taken.GetValueOrDefault(turn.Speaker, turn.Speaker) })];
    }

    private static IReadOnlyList<Turn> WithEnds(IReadOnlyList<Turn> named, IReadOnlyList<Turn> acoustic)
    {
        double last = acoustic.Select(turn => turn.End).DefaultIfEmpty().Max();
        var ends = new SortedSet<double>(named.Select(turn => turn.Start)) { last };
        return [.. named.Select(turn => turn.End > turn.Start || !(turn.Start < ends.Max)
            ? turn
            : turn with { Range = turn.Range with { End = ends.GetViewBetween(Math.BitIncrement(turn.Start), ends.Max).Min } })];
    }
}
