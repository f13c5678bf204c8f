namespace Diarist.Simulation;

/// <summary>The turns of a conversation in the making, and how much of it is overlap.</summary>
internal sealed class Timeline
{
    private readonly List<PlacedTurn> _turns = [];
    private long _speech;

    /// <summary>The turns, in the order in which they were placed.</summary>
    public IReadOnlyList<PlacedTurn> Turns => _turns;

    /// <summary>The end of the last speech, in samples.</summary>
    public int End { get; private set; }

    /// <summary>The end of all speech but the turn that ends last: a turn that starts later overlaps one other at most.</summary>
    public int SecondEnd { get; private set; }

    /// <summary>Samples in which two people speak.</summary>
    public long Overlapped { get; private set; }

    /// <summary>Samples in which anybody speaks.</summary>
    public long Spoken => _speech - Overlapped;

    /// <summary>The end of somebody's last turn; 0 when there is none.</summary>
    public int EndOf(string speaker) => _turns.Where(turn => turn.Audio.Speaker == speaker).Select(turn => turn.End).LastOrDefault();

    /// <summary>Places a turn so that its speech begins at <paramref name="start"/>.</summary>
    public void Add(TurnAudio audio, int start)
    {
        var turn = new PlacedTurn(audio, start);
        foreach (SampleRange range in turn.Speech)
        {
            _speech += range.Length;
            Overlapped += _turns.Where(other => other.End > start).SelectMany(other => other.Speech).Sum(range.Overlap);
        }

        _turns.Add(turn);
        SecondEnd = Math.Max(SecondEnd, Math.Min(End, turn.End));
        End = Math.Max(End, turn.End);
    }
}
