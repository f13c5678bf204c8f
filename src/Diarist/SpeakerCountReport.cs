namespace Diarist;

/// <summary>How many speakers were found, and how that came about.</summary>
/// <param name="Found">The number of speakers.</param>
/// <param name="Automatic">The number that the recipe found by itself, before any bound.</param>
/// <param name="Requested">What was asked for.</param>
/// <param name="Certainty">0 to 1; with <see cref="Recipe.Segments"/> the probability that the number is right, with other recipes how far the next number's score is; 1 when the number was given.</param>
/// <param name="Uncertain">Whether the certainty is so low that the number should not be relied on.</param>
/// <param name="Problem">Why what was asked for could not be met, or only in number; <see langword="null"/> when it was.</param>
public sealed record SpeakerCountReport(int Found, int Automatic, SpeakerBounds Requested, double Certainty, bool Uncertain, string? Problem)
{
    /// <summary>The second most likely number; <see langword="null"/> when the recipe does not say, or the number was given.</summary>
    public int? RunnerUp { get; init; }
}
