namespace Diarist.Segments;

/// <summary>A voice that is known to be in a recording.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Seed">Its sums from elsewhere, which count in the grouping; <see langword="null"/> where they are of another channel.</param>
/// <param name="Pieces">Pieces of the recording in which it was recognized, rising; one or more.</param>
internal sealed record KnownGroup(string Name, SpeakerGroup? Seed, IReadOnlyList<int> Pieces)
{
    /// <summary>Seeds weigh no more than so many seconds: a recording's own pieces know its room and microphone.</summary>
    private const double MostSeedSeconds = 10;

    /// <summary>The sums as they count in the grouping: of bounded weight, and without seconds of this recording.</summary>
    public static SpeakerGroup Bounded(SpeakerGroup seed) => seed.Scaled(Math.Min(1, MostSeedSeconds / Math.Max(seed.Seconds, 1e-3)), seconds: 0);
}
