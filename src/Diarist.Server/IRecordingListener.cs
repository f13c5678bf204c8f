namespace Diarist.Server;

/// <summary>A recording that is to be listened to.</summary>
/// <param name="Id">Its identifier: letters and digits.</param>
/// <param name="Path">The file.</param>
/// <param name="Name">What the client calls it.</param>
/// <param name="Seconds">Its length.</param>
public sealed record RecordingToHear(string Id, string Path, string Name, double Seconds)
{
    /// <summary>The number of speakers, when it is known.</summary>
    public int? Speakers { get; init; }

    /// <summary>The fewest speakers.</summary>
    public int? MinimumSpeakers { get; init; }

    /// <summary>The most speakers.</summary>
    public int? MaximumSpeakers { get; init; }
}

/// <summary>Something that listens to recordings in the place of this process, such as workers of a queue.</summary>
public interface IRecordingListener
{
    /// <summary>Listens to a recording and writes the session, as <see cref="Sessions.DiarizationSession.Save(string)"/> would. A recording that is given again goes on where it was.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="session">The file that is written.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="givenUp">Cancelled when nobody wants the result any more; <paramref name="cancellationToken"/> is cancelled as well when only this process ends.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DiaristException">The recording cannot be decoded, or nobody could listen to it.</exception>
    Task ListenAsync(RecordingToHear recording, string session, IProgress<DiarizationProgress> progress, CancellationToken givenUp, CancellationToken cancellationToken);
}
