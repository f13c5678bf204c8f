namespace Diarist.Accuracy.Sets;

/// <summary>What lies under the voices.</summary>
internal enum Bed
{
    /// <summary>The noise of a room.</summary>
    Room,

    /// <summary>A recorded noise.</summary>
    Noise,

    /// <summary>Music.</summary>
    Music,
}

/// <summary>How one conversation is made.</summary>
/// <param name="Name">Its name; the part before the first underscore is its set.</param>
/// <param name="Shares">How much each person says, relative to the others.</param>
/// <param name="Seconds">How long it is.</param>
internal sealed record SetPlan(string Name, double[] Shares, double Seconds)
{
    /// <summary>So many people who say about as much as each other.</summary>
    public SetPlan(string name, int people, double seconds) : this(name, [.. Enumerable.Repeat(1.0, people)], seconds)
    {
    }

    /// <summary>Whether everybody comes from one session; else from all there are.</summary>
    public bool OneSession { get; init; }

    /// <summary>Whether the people are readers with minutes of speech, who may take turns for an hour; else others, with less each.</summary>
    public bool Readers { get; init; } = true;

    /// <summary>Seconds of a turn, drawn on a logarithmic scale.</summary>
    public (double Shortest, double Longest) Turns { get; init; } = (1, 14);

    /// <summary>The share of changes at which the next one starts before the end.</summary>
    public double Interrupting { get; init; } = 0.25;

    /// <summary>Brief sounds of others inside a turn, for each minute.</summary>
    public double Backchannels { get; init; }

    /// <summary>Whether each voice has a room.</summary>
    public bool Rooms { get; init; }

    /// <summary>What lies under the voices.</summary>
    public Bed Bed { get; init; }

    /// <summary>How far below the voices that lies, in dB.</summary>
    public (double Least, double Most) BedDb { get; init; } = (20, 40);

    /// <summary>Whether it is heard over a telephone: 8 kHz, 300 to 3400 Hz, µ-law.</summary>
    public bool Telephone { get; init; }
}
