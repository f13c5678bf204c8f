namespace Diarist.Scoring;

/// <summary>Seconds of speaker time that were scored and how they went wrong; recordings pool by addition.</summary>
/// <param name="Total">Speaker time of the reference, in seconds: two people talking at once for a second count two.</param>
/// <param name="Missed">Reference speaker time for which the hypothesis has too few speakers, in seconds.</param>
/// <param name="FalseAlarm">Hypothesis speaker time for which the reference has too few speakers, in seconds.</param>
/// <param name="Confusion">Speaker time that both sides have, given to the wrong speaker, in seconds.</param>
public readonly record struct DiarizationErrors(double Total, double Missed, double FalseAlarm, double Confusion)
{
    /// <summary>Speaker time that is right, in seconds.</summary>
    public double Correct => Total - Missed - Confusion;

    /// <summary>Missed, false alarm and confused speaker time together, in seconds.</summary>
    public double Errors => Missed + FalseAlarm + Confusion;

    /// <summary>
    /// The error rate: errors / total; 0.05 is 5 %, and more than 1 is possible. Where the reference has no speech it is 0
    /// without errors and 1 with any (as pyannote.metrics has it).
    /// </summary>
    public double Rate => Share(Errors);

    /// <summary>A number of seconds as a share of the total, by the rule of <see cref="Rate"/>.</summary>
    public double Share(double seconds) => Total > 0 ? seconds / Total : seconds > 0 ? 1 : 0;

    /// <summary>The errors of two recordings pooled.</summary>
    public static DiarizationErrors operator +(DiarizationErrors left, DiarizationErrors right) => new(
        left.Total + right.Total, left.Missed + right.Missed, left.FalseAlarm + right.FalseAlarm, left.Confusion + right.Confusion);

    /// <summary>The errors of two recordings pooled.</summary>
    public static DiarizationErrors Add(DiarizationErrors left, DiarizationErrors right) => left + right;
}

/// <summary>The diarization error of one recording.</summary>
/// <param name="Errors">The seconds and the rate.</param>
/// <param name="Mapping">The speakers of the best mapping: each of both sides once.</param>
public sealed record DiarizationScore(DiarizationErrors Errors, IReadOnlyList<SpeakerMatch> Mapping);
