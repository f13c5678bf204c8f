namespace Diarist;

/// <summary>How turns are made of a network's probabilities of 10 ms, for <see cref="Recipe.Nemotron3"/>.</summary>
public sealed record TurnSettings
{
    /// <summary>As the model card's tables are made: every row over one half, and nothing else. The default.</summary>
    public static TurnSettings Card { get; } = new();

    /// <summary>As NVIDIA's own C++ runtime has them: hysteresis, padding, short gaps closed, short turns dropped. Fewer and longer turns.</summary>
    public static TurnSettings NeMoSpeech { get; } = new() { Onset = 0.641, Offset = 0.561, PadBefore = 0.229, PadAfter = 0.079, MinimumGap = 0.296, MinimumTurn = 0.511 };

    /// <summary>A turn begins at a row whose probability is over this, in [0, 1).</summary>
    public double Onset { get; init; } = 0.5;

    /// <summary>A turn goes on while probabilities are over this, from 0 to <see cref="Onset"/>.</summary>
    public double Offset { get; init; } = 0.5;

    /// <summary>Seconds added before a turn, 0 to 10.</summary>
    public double PadBefore { get; init; }

    /// <summary>Seconds added after a turn, 0 to 10.</summary>
    public double PadAfter { get; init; }

    /// <summary>Pauses of one speaker that are shorter than this many seconds, 0 to 60, are closed.</summary>
    public double MinimumGap { get; init; }

    /// <summary>Turns shorter than this many seconds, 0 to 60, are dropped.</summary>
    public double MinimumTurn { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    internal void Validate()
    {
        if (!(Onset is >= 0 and < 1) || !(Offset >= 0 && Offset <= Onset) || !(PadBefore is >= 0 and <= 10) || !(PadAfter is >= 0 and <= 10)
            || !(MinimumGap is >= 0 and <= 60) || !(MinimumTurn is >= 0 and <= 60))
        {
            throw new ArgumentException($"{this}: onset lies in [0, 1), offset between 0 and onset; padding is at most 10 seconds, gap and turn at most 60.");
        }
    }
}
