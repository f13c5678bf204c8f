namespace Diarist.Sessions;

/// <summary>What corrections say of single turns, carried out on turns.</summary>
internal static class TurnChanges
{
    /// <summary>Makes a range somebody's: what the speaker before says in it goes to the new one.</summary>
    /// <param name="turns">The turns; changed.</param>
    /// <param name="range">When.</param>
    /// <param name="from">Whose it was; where that speaker is silent, whoever speaks most in the range.</param>
    /// <param name="to">Whose it is; <see langword="null"/> for nobody.</param>
    /// <param name="alone">Whether one speaks at a time.</param>
    public static void Assign(List<Turn> turns, TimeRange range, string from, string? to, bool alone)
    {
        double covered = to is null ? 0 : turns.Where(turn => turn.Speaker == to).Sum(turn => turn.Range.Overlap(range));
        if (to is not null && covered >= range.Duration - 1e-6)
        {
            return;
        }

        string[] speaking = [.. turns.Where(turn => turn.Speaker != to && turn.Range.Overlap(range) > 0).GroupBy(turn => turn.Speaker)
            .OrderByDescending(own => own.Sum(turn => turn.Range.Overlap(range))).ThenBy(own => own.Key, StringComparer.Ordinal).Select(own => own.Key)];
        string? victim = speaking.Contains(from) ? from : speaking.FirstOrDefault();
        if (victim is not null)
        {
            Cut(turns, range, turn => turn.Speaker == victim || (alone && to is not null));
        }

        if (to is not null)
        {
            Add(turns, range, to);
        }

        Sort(turns);
    }

    /// <summary>Moves the ends of a turn.</summary>
    public static void Move(List<Turn> turns, Turn old, TimeRange range, bool alone)
    {
        Cut(turns, old.Range, turn => turn.Speaker == old.Speaker);
        if (alone)
        {
            Cut(turns, range, _ => true);
        }

        Add(turns, range, old.Speaker);
        Sort(turns);
    }

    /// <summary>Gives all turns of one speaker to another.</summary>
    public static void Relabel(List<Turn> turns, string from, string to)
    {
        foreach (Turn turn in turns.Where(turn => turn.Speaker == from).ToArray())
        {
            turns.Remove(turn);
            Add(turns, turn.Range, to, turn.Confidence);
        }

        Sort(turns);
    }

    private static void Cut(List<Turn> turns, TimeRange range, Func<Turn, bool> concerned)
    {
        Turn[] whole = [.. turns];
        turns.Clear();
        foreach (Turn turn in whole)
        {
            if (!concerned(turn) || turn.Range.Overlap(range) <= 0)
            {
                turns.Add(turn);
                continue;
            }

            turns.AddRange(((TimeRange[])[new(turn.Start, range.Start), new(range.End, turn.End)])
                .Where(rest => rest.Duration > 1e-6).Select(rest => turn with { Range = rest }));
        }
    }

    // Turns of one speaker that touch or overlap are one turn.
    private static void Add(List<Turn> turns, TimeRange range, string speaker, double? confidence = 1)
    {
        foreach (Turn turn in turns.Where(turn => turn.Speaker == speaker && turn.Start <= range.End + 1e-6 && turn.End >= range.Start - 1e-6).ToArray())
        {
            turns.Remove(turn);
            range = new TimeRange(Math.Min(range.Start, turn.Start), Math.Max(range.End, turn.End));
            confidence = Math.Min(confidence ?? 1, turn.Confidence ?? 1);
        }

        turns.Add(new Turn(range, speaker) { Confidence = confidence });
    }

    private static void Sort(List<Turn> turns)
    {
        Turn[] sorted = [.. turns.OrderBy(turn => turn.Start).ThenBy(turn => turn.Speaker, StringComparer.Ordinal)];
        turns.Clear();
        turns.AddRange(sorted);
    }
}
