using Diarist.Numerics;

namespace Diarist.Segments;

/// <summary>What speaks against a number of speakers, and how probable it is that it is right: a logistic regression on 227 development recordings (docs/accuracy.md).</summary>
/// <param name="Alike">
/// The largest likeness of two speakers who stayed apart, above what strangers reach; 0 where it is less. Near the threshold they may be one.
/// </param>
/// <param name="Crowded">The square root of the share of windows that hear more people than the result has there.</param>
/// <param name="Weak">How far the weakest join of two groups fell below what is usual; 0 where it did not. Near the threshold they may be two people.</param>
/// <param name="Number">The number of speakers.</param>
/// <param name="Briefest">Seconds of the speaker who says least.</param>
internal readonly record struct CountSigns(double Alike, double Crowded, double Weak, int Number, double Briefest)
{
    /// <summary>Numbers that are right with less probability than this are called uncertain.</summary>
    public const double CertainFrom = 0.75;

    private const double Strangers = 0.2;
    private const double GhostLikeness = 0.22;
    private const double GhostSeconds = 20;
    private const double GhostShare = 0.15;
    // Numbers that are too small are more frequent, and show less: one fewer needs this much more of the log odds.
    private const double ClearlyMore = 1;
    private const double UsualJoin = 0.65;
    private const double Constant = 1.81, PerAlike = -9.33, PerCrowded = -5.48, PerWeak = -15.88, PerNumber = -1.63, PerBriefest = 0.93;

    private double AgainstMore => PerAlike * Alike;

    private double AgainstFewer => (PerCrowded * Crowded) + (PerWeak * Weak);

    /// <summary>The probability, 0 to 1, that the number is right.</summary>
    public double Probability => 1 / (1 + Math.Exp(-(Constant + AgainstMore + AgainstFewer + (PerNumber * Math.Log(Number)) + (PerBriefest * Math.Log(Math.Max(Briefest, 0.5))))));

    /// <summary>Reads the signs off a result with at least one speaker.</summary>
    public static CountSigns Of(HeardSpeech heard, SegmentsResult result)
    {
        double alike = 0;
        for (int speaker = 0; speaker < result.Kept.Length; speaker++)
        {
            alike = Math.Max(alike, Nearest(result, speaker) - Strangers);
        }

        double crowded = CrowdedWindows.Share(heard, result.FineLabels, result.Centres.Count);
        double weak = Math.Max(0, UsualJoin - result.Groups.WeakestJoin);
        return new CountSigns(alike, Math.Sqrt(crowded), weak, result.Kept.Length, Least(result.Frames.Seconds));
    }

    private static double Least(double[] values)
    {
        double least = values[0];
        foreach (double value in values)
        {
            least = Math.Min(least, value);
        }

        return least;
    }

    /// <summary>How alike a speaker is to the nearest other one; 0 when there is none.</summary>
    public static double Nearest(SegmentsResult result, int speaker)
    {
        PieceGroups groups = result.Groups;
        double nearest = 0;
        for (int other = 0; other < result.Kept.Length; other++)
        {
            if (other != speaker)
            {
                nearest = Math.Max(nearest, groups.Groups[result.Kept[speaker]].Likeness(groups.Groups[result.Kept[other]], groups.Model));
            }
        }

        return nearest;
    }

    /// <summary>
    /// Whether a speaker may be part of another one: little speech, a small share of all speech, and a voice like another's. Of 11 superfluous
    /// speakers of the development recordings 6 are flagged, of 619 true ones 9.
    /// </summary>
    public static bool IsGhost(SegmentsResult result, int speaker)
    {
        double seconds = result.Frames.Seconds[speaker];
        return seconds < GhostSeconds && seconds < GhostShare * Arrays.Sum(result.Frames.Seconds) && Nearest(result, speaker) >= GhostLikeness;
    }

    /// <summary>The second most likely number: one fewer where two speakers are much alike, else one more.</summary>
    /// <param name="found">The number that was found.</param>
    public int RunnerUp(int found) => found > 1 && AgainstMore <= AgainstFewer - ClearlyMore ? found - 1 : found + 1;
}
