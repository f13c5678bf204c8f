using Diarist.Segmentation;

namespace Diarist.Clustering;

/// <summary>
/// How probable it is that a number of speakers is right: a logistic regression of wrong numbers on three signs, fitted on the
/// tuning recordings by <c>benchmarks/Diarist.Accuracy -- certainty</c>.
/// </summary>
/// <param name="Constant">The log odds of a wrong number when all signs are 0.</param>
/// <param name="Gap">Per ln(1 + how much less probable one more speaker is); negative: a clear decision is more often right.</param>
/// <param name="Briefest">
/// Per share of the recording in which the speaker who says least has a turn. Positive: where everybody found says much, those who say little
/// were often missed.
/// </param>
/// <param name="Crowded">Per share of windows in which three local speakers are active: people who talk all at once are hard to count.</param>
internal sealed record CountCertainty(double Constant, double Gap, double Briefest, double Crowded)
{
    /// <summary>Frames of a local speaker who is really there: half a second.</summary>
    private const int FewestFrames = 30;

    private const double LargestGap = 50;

    /// <summary>For <see cref="ClusteringRecipe.SmallEmbedder"/>.</summary>
    public static CountCertainty SmallEmbedder { get; } = new(1.06, -0.65, 1.88, 0.97);

    /// <summary>The probability, 0 to 1, that the number is right.</summary>
    public double Of(CountSigns signs) =>
        1 / (1 + Math.Exp(Constant + (Gap * signs.Gap) + (Briefest * signs.Briefest) + (Crowded * signs.Crowded)));

    /// <summary>The signs in a clustered recording that has no turns yet.</summary>
    /// <param name="gap">By how much one more speaker is less probable (natural logarithm).</param>
    /// <param name="activity">Who is active.</param>
    public static CountSigns SignsOf(double gap, Activity activity)
    {
        int crowded = 0;
        for (int window = 0; window < activity.Windows; window++)
        {
            int speakers = 0;
            for (int speaker = 0; speaker < activity.Speakers; speaker++)
            {
                speakers += activity.ActiveFrames(window, speaker) >= FewestFrames ? 1 : 0;
            }

            crowded += speakers >= 3 ? 1 : 0;
        }

        return new CountSigns(Math.Log(1 + Math.Clamp(gap, 0, LargestGap)), Briefest: 0, crowded / (double)activity.Windows);
    }
}

/// <summary>What <see cref="CountCertainty"/> looks at.</summary>
internal readonly record struct CountSigns(double Gap, double Briefest, double Crowded);
