namespace Diarist.Networks.Voxsv;

/// <summary>How the short voxsv windows within a 10 s window become one vector for each local speaker.</summary>
internal sealed record VoxsvOptions
{
    /// <summary>Samples from one voxsv window to the next: two per second are enough.</summary>
    public int HopSamples { get; init; } = 8_000;

    /// <summary>A voxsv window weighs (share of its frames that are the speaker's) to this power.</summary>
    public double ShareExponent { get; init; } = 4;

    /// <summary>
    /// What the embedder says: with less clean speech than this the pipeline prefers
    /// to show overlapped frames too. The network itself takes 20 720 samples, of which a part may be the speaker's.
    /// </summary>
    public int MinimumSamples { get; init; } = VoxsvThinResNet.WindowSamples;
}
