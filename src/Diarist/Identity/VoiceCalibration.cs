namespace Diarist.Identity;

/// <summary>How a voice compares with a known one.</summary>
/// <param name="Likeness">The recipe's own measure: about 1 for one person and 0 for two.</param>
/// <param name="Score">The natural logarithm of the likelihood ratio.</param>
/// <param name="FalseNames">How often strangers of these lengths are as alike, 0 to 1.</param>
internal readonly record struct VoiceComparison(double Likeness, double Score, double FalseNames)
{
    /// <summary>Nothing was heard.</summary>
    public static VoiceComparison None { get; } = new(0, double.NegativeInfinity, 1);
}

/// <summary>
/// What a likeness is worth for one pair of channels. Both lengths count through h = 1/d + 1/d′ (seconds, with a floor).
/// The score is logistic, a + b·x + c·h + e·x·h. The tail of strangers is exponential in z = (x − m) / √(v + w·h): P(z) = exp(−(z − z₀)/s) beyond z₀.
/// Fitted on one half of the people by benchmarks/Diarist.Accuracy with the verb <c>identity-fit</c>.
/// </summary>
internal sealed record VoiceCalibration
{
    private const double FewestSeconds = 0.5;

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

    /// <summary>w: what h adds to that variance.</summary>
    public required double VariancePerShortness { get; init; }

    /// <summary>z₀: where the tail begins.</summary>
    public required double TailStart { get; init; }

    /// <summary>s: how slowly it falls.</summary>
    public required double TailScale { get; init; }

    /// <summary>For two channels, in any order.</summary>
    public static VoiceCalibration Of(VoiceChannel one, VoiceChannel other) =>
        one != other ? AcrossChannels : one == VoiceChannel.Telephone ? BothTelephone : BothWideBand;

    /// <summary>Compares.</summary>
    /// <param name="likeness">The likeness of two groups.</param>
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
    public double Deviations(double likeness, double shortness) => (likeness - StrangersMean) / Math.Sqrt(StrangersVariance + (VariancePerShortness * shortness));

    private static VoiceCalibration BothWideBand { get; } = new()
    {
        Offset = -5.49,
        PerLikeness = 11.61,
        PerShortness = 0.17,
        PerBoth = 4.16,
        StrangersMean = -0.174,
        StrangersVariance = 0.0313,
        VariancePerShortness = 0.0107,
        TailStart = 0.709,
        TailScale = 0.499,
    };

    private static VoiceCalibration BothTelephone { get; } = new()
    {
        Offset = -8.61,
        PerLikeness = 12.05,
        PerShortness = 0.72,
        PerBoth = 4.07,
        StrangersMean = 0.057,
        StrangersVariance = 0.0497,
        VariancePerShortness = 0.0123,
        TailStart = 0.997,
        TailScale = 0.413,
    };

    private static VoiceCalibration AcrossChannels { get; } = new()
    {
        Offset = -3.90,
        PerLikeness = 13.74,
        PerShortness = 2.13,
        PerBoth = 2.90,
        StrangersMean = -0.192,
        StrangersVariance = 0.0243,
        VariancePerShortness = 0.0187,
        TailStart = 0.685,
        TailScale = 0.496,
    };
}
