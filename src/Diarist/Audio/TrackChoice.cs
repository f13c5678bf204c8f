namespace Diarist.Audio;

/// <summary>Which of several audio tracks is decoded.</summary>
internal static class TrackChoice
{
    /// <summary>The number of the track to take.</summary>
    /// <param name="name">The recording.</param>
    /// <param name="tracks">Its audio tracks, at least one.</param>
    /// <param name="wanted">The track that was asked for; without one the first that is marked as default, else the first.</param>
    /// <exception cref="AudioFormatException">There is no such track.</exception>
    public static int Choose(string name, IReadOnlyList<AudioTrack> tracks, int? wanted) => wanted is int track
        ? track >= 1 && track <= tracks.Count ? track : throw new AudioFormatException(name, $"has no audio track {track}; it holds {tracks.Count}: {string.Join(", ", tracks)}")
        : tracks.FirstOrDefault(known => known.IsDefault)?.Number ?? 1;

    /// <summary>The warning that there are other tracks; <see langword="null"/> when there are none, or one was asked for.</summary>
    public static string? Warning(IReadOnlyList<AudioTrack> tracks, int chosen, int? wanted) => tracks.Count > 1 && wanted is null
        ? $"holds {tracks.Count} audio tracks; track {tracks[chosen - 1]} was used and not {string.Join(", ", tracks.Where(track => track.Number != chosen))}"
        : null;
}
