namespace Diarist.Identity;

/// <summary>The voices to look for in a recording.</summary>
public sealed record KnownVoices
{
    /// <summary>One wrong name in a thousand strangers.</summary>
    public const double DefaultFalseNameRate = 0.001;

    /// <summary>Takes voices.</summary>
    /// <param name="profiles">The voices; no two have one name.</param>
    /// <param name="falseNameRate">Of all speakers whose voice is not among the profiles, at most this share gets a name; from 1e-6 to 0.1.</param>
    /// <exception cref="ArgumentException">Two have one name, or different networks made them.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of range.</exception>
    public KnownVoices(IReadOnlyList<VoiceProfile> profiles, double falseNameRate = DefaultFalseNameRate)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        if (!IsRate(falseNameRate))
        {
            throw new ArgumentOutOfRangeException(nameof(falseNameRate), falseNameRate, "The rate of false names lies between 1e-6 and 0.1.");
        }

        if (profiles.GroupBy(profile => profile.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two voices have the name {twice.Key}.", nameof(profiles));
        }

        if (profiles.Select(profile => profile.Embedder).Distinct(StringComparer.Ordinal).Count() > 1)
        {
            throw new ArgumentException("Different networks made these voices.", nameof(profiles));
        }

        // The order of a folder must not decide anything.
        Profiles = [.. profiles.OrderBy(profile => profile.Name, StringComparer.Ordinal)];
        FalseNameRate = falseNameRate;
    }

    /// <summary>Whether a rate of false names can be asked for: 1e-6 to 0.1.</summary>
    public static bool IsRate(double rate) => rate is >= 1e-6 and <= 0.1;

    /// <summary>The voices, by name.</summary>
    public IReadOnlyList<VoiceProfile> Profiles { get; }

    /// <summary>Of all speakers whose voice is not among the profiles, at most this share gets a name.</summary>
    public double FalseNameRate { get; }
}
