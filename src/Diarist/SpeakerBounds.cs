using System.Globalization;

namespace Diarist;

/// <summary>What is known beforehand about the number of speakers.</summary>
public sealed record SpeakerBounds
{
    /// <summary>Nothing is known.</summary>
    public static readonly SpeakerBounds None = new();

    /// <summary>States what is known.</summary>
    /// <param name="minimum">At least so many, 1 or more.</param>
    /// <param name="maximum">At most so many, not less than <paramref name="minimum"/>.</param>
    public SpeakerBounds(int? minimum = null, int? maximum = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimum ?? 1, 1, nameof(minimum));
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum ?? int.MaxValue, minimum ?? 1, nameof(maximum));
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>At least so many speakers, 1 or more; <see langword="null"/> where nothing is known.</summary>
    public int? Minimum { get; }

    /// <summary>At most so many speakers, not less than <see cref="Minimum"/>; <see langword="null"/> where nothing is known.</summary>
    public int? Maximum { get; }

    /// <summary>The number, when it is given exactly.</summary>
    public int? Exact => Minimum == Maximum ? Minimum : null;

    /// <summary>Exactly so many.</summary>
    public static SpeakerBounds Exactly(int count) => new(count, count);

    /// <summary>The nearest number that is within the bounds.</summary>
    public int Clamp(int count) => Math.Clamp(count, Minimum ?? 0, Maximum ?? int.MaxValue);

    /// <summary>For a person: <c>3</c>, <c>2 to 4</c>, <c>at least 2</c>, <c>at most 4</c>, <c>any number</c>.</summary>
    public override string ToString() => (Minimum, Maximum) switch
    {
        (null, null) => "any number",
        ({ } minimum, null) => string.Create(CultureInfo.InvariantCulture, $"at least {minimum}"),
        (null, { } maximum) => string.Create(CultureInfo.InvariantCulture, $"at most {maximum}"),
        ({ } minimum, { } maximum) when minimum == maximum => string.Create(CultureInfo.InvariantCulture, $"{minimum}"),
        ({ } minimum, { } maximum) => string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum}"),
    };
}
