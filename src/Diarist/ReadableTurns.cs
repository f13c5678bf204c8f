namespace Diarist;

/// <summary>Turns for readers: scraps of a few frames joined with their neighbours or left out.</summary>
internal static class ReadableTurns
{
    /// <summary>Closes short pauses, then leaves out what is short.</summary>
    /// <param name="turns">The turns by start.</param>
    /// <param name="minimumTurn">The shortest turn that stays, in seconds.</param>
    /// <param name="minimumGap">The shortest pause that stays, in seconds.</param>
    /// <param name="exclusive">Whether only one speaker may talk at a time: a pause in which somebody else talks then stays.</param>
    public static Turn[] Select(IReadOnlyList<Turn> turns, double minimumTurn, double minimumGap, bool exclusive)
    {
        // Times lie on a grid that decimals do not hit; a billionth of a second is far below it.
        const double Tolerance = 1e-9;
        Turn[] joined = exclusive ? JoinNeighbours(turns, minimumGap) : Join(turns, minimumGap);
        return Array.FindAll(joined, turn => turn.Duration > 0 && turn.Duration + Tolerance >= minimumTurn);
    }

    /// <summary>Joins the turns of each speaker that overlap or touch, or whose pause is shorter than <paramref name="minimumGap"/>.</summary>
    public static Turn[] Join(IReadOnlyList<Turn> turns, double minimumGap)
    {
        var joined = new List<Turn>();
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        IEnumerable<Turn> ordered = AreInOrder(turns) ? turns : turns.OrderBy(turn => turn.Start);
        foreach (Turn turn in ordered)
        {
            if (last.TryGetValue(turn.Speaker, out int index) && IsNear(joined[index], turn, minimumGap))
            {
                joined[index] = Union(joined[index], turn);
            }
            else
            {
                last[turn.Speaker] = joined.Count;
                joined.Add(turn);
            }
        }

        return [.. joined];
    }

    private static bool AreInOrder(IReadOnlyList<Turn> turns)
    {
        for (int i = 1; i < turns.Count; i++)
        {
            if (!(turns[i - 1].Start <= turns[i].Start))
            {
                return false;
            }
        }

        return true;
    }

    private static Turn[] JoinNeighbours(IReadOnlyList<Turn> turns, double minimumGap)
    {
        var joined = new List<Turn>();
        foreach (Turn turn in turns)
        {
            if (joined.Count > 0 && joined[^1].Speaker == turn.Speaker && IsNear(joined[^1], turn, minimumGap))
            {
                joined[^1] = Union(joined[^1], turn);
            }
            else
            {
                joined.Add(turn);
            }
        }

        return [.. joined];
    }

    private static bool IsNear(Turn before, Turn after, double minimumGap)
    {
        double gap = after.Start - before.End;
        return gap <= 0 || gap < minimumGap;
    }

    private static Turn Union(Turn before, Turn after)
    {
        double duration = before.Duration + after.Duration;
        double? confidence = before.Confidence is { } one && after.Confidence is { } other && duration > 0
            ? ((one * before.Duration) + (other * after.Duration)) / duration
            : before.Confidence ?? after.Confidence;
        return before with { Range = new TimeRange(before.Start, Math.Max(before.End, after.End)), Confidence = confidence };
    }
}
