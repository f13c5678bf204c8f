namespace Diarist;

/// <summary>How many speakers were found, and how that came about.</summary>
public sealed record SpeakerCountReport
{
    internal SpeakerCountReport(int found, int automatic, SpeakerBounds requested, double certainty, bool uncertain, string? problem) =>
        (Found, Automatic, Requested, Certainty, Uncertain, Problem) =
        (found, automatic, requested, certainty, uncertain, problem);

    /// <summary>The number of speakers.</summary>
    public int Found { get; init; }

    /// <summary>The number that the recipe found by itself, before any bound.</summary>
    public int Automatic { get; init; }

    /// <summary>What was asked for.</summary>
    public SpeakerBounds Requested { get; init; }

    /// <summary>0 to 1; with <see cref="Recipe.Segments"/> the probability that the number is right, with other recipes how far the next number's score is; 1 when the number was given.</summary>
    public double Certainty { get; init; }

    /// <summary>Whether the certainty is so low that the number should not be relied on.</summary>
    public bool Uncertain { get; init; }

    /// <summary>Why what was asked for could not be met, or only in number; <see langword="null"/> when it was.</summary>
    public string? Problem { get; init; }

    /// <summary>The second most likely number; <see langword="null"/> when the recipe does not say, or the number was given.</summary>
    public int? RunnerUp { get; init; }
}
