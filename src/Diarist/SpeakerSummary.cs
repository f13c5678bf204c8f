namespace Diarist;

/// <summary>One speaker of a recording.</summary>
public sealed record SpeakerSummary
{
    internal SpeakerSummary(string label, double duration, int turns, double longest, bool isGhost) =>
        (Label, Duration, Turns, Longest, IsGhost) =
        (label, duration, turns, longest, isGhost);

    /// <summary>The anonymous label, numbered by first appearance.</summary>
    public string Label { get; init; }

    /// <summary>Seconds spoken, overlap included.</summary>
    public double Duration { get; init; }

    /// <summary>The number of turns.</summary>
    public int Turns { get; init; }

    /// <summary>The longest turn in seconds.</summary>
    public double Longest { get; init; }

    /// <summary>Whether the evidence is so thin that this speaker may not exist.</summary>
    public bool IsGhost { get; init; }

    /// <summary>A speaker's share of the turns of a recording.</summary>
    internal static SpeakerSummary Of(string label, IReadOnlyList<Turn> turns, bool ghost)
    {
        (int count, double duration, double longest) = (0, 0, 0);
        foreach (Turn turn in turns)
        {
            if (turn.Speaker == label)
            {
                count++;
                duration += turn.Duration;
                longest = Math.Max(longest, turn.Duration);
            }
        }

        return new SpeakerSummary(label, duration, count, longest, ghost);
    }
}
