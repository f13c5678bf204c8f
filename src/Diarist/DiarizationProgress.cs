using Diarist.Reconstruction;

namespace Diarist;

/// <summary>The stages of a diarization, in the order in which they run.</summary>
public enum DiarizationStage
{
    /// <summary>Decoding, segmenting and embedding, window by window.</summary>
    Listening,

    /// <summary>Grouping the local speakers of all windows into the speakers of the recording.</summary>
    Clustering,

    /// <summary>Joining windows and clusters into turns.</summary>
    Reconstruction,
}

/// <summary>How far a diarization has come.</summary>
/// <param name="Stage">The stage at work.</param>
/// <param name="Position">Seconds of audio that have been listened to.</param>
/// <param name="Duration">Seconds of audio in all; <see langword="null"/> while a stream has not said.</param>
public readonly record struct DiarizationProgress(DiarizationStage Stage, double Position, double? Duration)
{
    /// <summary>The share of the recording that has been listened to, 0 to 1; <see langword="null"/> while its length is unknown.</summary>
    public double? Fraction => Duration is > 0 ? Math.Clamp(Position / Duration.Value, 0, 1) : null;
}
