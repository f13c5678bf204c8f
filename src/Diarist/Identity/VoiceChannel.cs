namespace Diarist.Identity;

/// <summary>What a voice came over.</summary>
public enum VoiceChannel
{
    /// <summary>A microphone that lets more through than a telephone does.</summary>
    WideBand,

    /// <summary>A telephone, or another way that ends near 4 kHz.</summary>
    Telephone,
}

/// <summary>Tells channels apart.</summary>
internal static class VoiceChannels
{
    /// <summary>Speech with less energy above the telephone band than this, in decibels against the energy in it, came over a telephone (docs/identity.md).</summary>
    public const double TelephoneBelow = -50;

    /// <summary>The channel of speech.</summary>
    /// <param name="levelAbove">See <see cref="Segments.BandEnergies.LevelAbove"/>; unknown counts as wide band.</param>
    public static VoiceChannel Of(double? levelAbove) => levelAbove < TelephoneBelow ? VoiceChannel.Telephone : VoiceChannel.WideBand;
}
