using System.Globalization;

namespace Diarist.Identity;

/// <summary>Who a speaker of a recording is, among the voices that are known.</summary>
/// <param name="Label">The anonymous label.</param>
/// <param name="Name">The name of the voice; <see langword="null"/> when nobody was recognized.</param>
public sealed record SpeakerIdentity(string Label, string? Name)
{
    /// <summary>The identifier of the voice; <see langword="null"/> when nobody was recognized.</summary>
    public Guid? Voice { get; init; }

    /// <summary>How much likelier the recording is if this is the nearest voice than if it is a stranger: the natural logarithm of the likelihood ratio.</summary>
    public double Score { get; init; }

    /// <summary>
    /// By how much <see cref="Score"/> lies above the nearest other pairing, of another voice with this speaker or of this voice with another
    /// speaker; <see langword="null"/> when there is none.
    /// </summary>
    public double? Margin { get; init; }

    /// <summary>How often strangers of this much speech would be as alike to any of the known voices, 0 to 1. At most the rate that was asked for where a name is given.</summary>
    public double FalseNames { get; init; }

    /// <summary>Seconds in which the speaker speaks alone.</summary>
    public double SpeechDuration { get; init; }

    /// <summary>What the speaker came over.</summary>
    public VoiceChannel Channel { get; init; }

    /// <summary>Whether the speaker was recognized, with score and margin.</summary>
    public override string ToString()
    {
        string score = !double.IsFinite(Score) ? "nothing to compare"
            : Margin is { } margin ? string.Create(CultureInfo.InvariantCulture, $"score {Score:0.0}, margin {margin:0.0}") : string.Create(CultureInfo.InvariantCulture, $"score {Score:0.0}");
        return Name is null ? $"unknown ({score})" : $"recognized ({score})";
    }
}
