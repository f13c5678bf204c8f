namespace Diarist.Identity;

/// <summary>How a voice compares with a known one.</summary>
/// <param name="Likeness">Of <see cref="VoiceMeans.Likeness"/>.</param>
/// <param name="Score">The natural logarithm of the likelihood ratio.</param>
/// <param name="FalseNames">How often strangers of these lengths are as alike, 0 to 1.</param>
internal readonly record struct VoiceComparison(double Likeness, double Score, double FalseNames)
{
    /// <summary>Nothing was heard.</summary>
    public static VoiceComparison None { get; } = new(0, double.NegativeInfinity, 1);
}

/// <summary>
/// What a likeness is worth for one pair of channels. Both lengths count through h = 1/d + 1/d′ (seconds, with a floor).
/// The score is logistic, a + b·x + c·h + e·x·h. The tail of strangers is exponential in z = (x − m)·√((1 + w·h) / v): P(z) = exp(−(z − z₀)/s) beyond z₀.
/// The tail is that of strangers recorded alike, in the pair of lengths in which they are most alike; the share is taken one and a half times.
/// <c>benchmarks/Diarist.Accuracy -- identity-fit</c> fitted it on one half of the people.
/// </summary>
internal sealed record VoiceCalibration
{
    private const double FewestSeconds = 0.5;

    /// <summary>That of 5 s and 2 s: what is shorter was not measured, and counts as if it were longer.</summary>
    private const double MostShortness = 0.7;

    /// <summary>Constant of the score.</summary>
    public required double Offset { get; init; }

    /// <summary>What a unit of likeness adds to the score.</summary>
    public required double PerLikeness { get; init; }

    /// <summary>What a unit of h adds to the score.</summary>
    public required double PerShortness { get; init; }

    /// <summary>What a unit of both adds to the score.</summary>
    public required double PerBoth { get; init; }

    /// <summary>m: the mean likeness of strangers.</summary>
    public required double StrangersMean { get; init; }

    /// <summary>v: the variance of the likeness of strangers who say much.</summary>
    public required double StrangersVariance { get; init; }

    /// <summary>w: how that variance falls with h, 0 or more.</summary>
    public required double VarianceFall { get; init; }

    /// <summary>z₀: where the tail begins.</summary>
    public required double TailStart { get; init; }

    /// <summary>s: how slowly it falls.</summary>
    public required double TailScale { get; init; }

    /// <summary>For two channels, in any order.</summary>
    public static VoiceCalibration Of(VoiceChannel one, VoiceChannel other) =>
        one != other ? AcrossChannels : one == VoiceChannel.Telephone ? BothTelephone : BothWideBand;

    /// <summary>Compares.</summary>
    /// <param name="likeness">Of <see cref="VoiceMeans.Likeness"/>.</param>
    /// <param name="seconds">Seconds of one.</param>
    /// <param name="others">Seconds of the other.</param>
    public VoiceComparison Compare(double likeness, double seconds, double others)
    {
        double h = Shortness(seconds, others);
        double score = Offset + (PerLikeness * likeness) + (PerShortness * h) + (PerBoth * likeness * h);
        return new VoiceComparison(likeness, score, Math.Min(1, Math.Exp(-(Deviations(likeness, h) - TailStart) / TailScale)));
    }

    /// <summary>h: how little both say.</summary>
    public static double Shortness(double seconds, double others) => (1 / Math.Max(seconds, FewestSeconds)) + (1 / Math.Max(others, FewestSeconds));

    /// <summary>z: the likeness in deviations of strangers.</summary>
    public double Deviations(double likeness, double shortness) => (likeness - StrangersMean) * Math.Sqrt(Spread(VarianceFall, shortness) / StrangersVariance);

    /// <summary>1 + w·h: what the variance of strangers is divided by.</summary>
    public static double Spread(double fall, double shortness) => 1 + (fall * Math.Min(shortness, MostShortness));

    private static VoiceCalibration BothWideBand { get; } = new()
    {
        Offset = -6.85,
        PerLikeness = 14.05,
        PerShortness = 1.05,
        PerBoth = 5.67,
        StrangersMean = 0.016,
        StrangersVariance = 0.0176,
        VarianceFall = 0.678,
        TailStart = 1.070,
        TailScale = 0.483,
    };

    private static VoiceCalibration BothTelephone { get; } = new()
    {
        Offset = -7.60,
        PerLikeness = 14.89,
        PerShortness = 1.88,
        PerBoth = 6.28,
        StrangersMean = 0.010,
        StrangersVariance = 0.0310,
        VarianceFall = 0.893,
        TailStart = 1.133,
        TailScale = 0.381,
    };

    private static VoiceCalibration AcrossChannels { get; } = new()
    {
        Offset = -6.35,
        PerLikeness = 17.42,
        PerShortness = 1.96,
        PerBoth = 6.31,
        StrangersMean = 0.008,
        StrangersVariance = 0.0135,
        VarianceFall = 0.280,
        TailStart = 0.514,
        TailScale = 0.547,
    };
}
