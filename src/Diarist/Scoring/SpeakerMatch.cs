namespace Diarist.Scoring;

/// <summary>A speaker of the reference and the speaker of the hypothesis that the best mapping gives it.</summary>
/// <param name="Reference">The reference's label; <see langword="null"/> for a speaker that only the hypothesis has.</param>
/// <param name="Hypothesis">The hypothesis' label; <see langword="null"/> for a speaker that the hypothesis missed.</param>
public sealed record SpeakerMatch(string? Reference, string? Hypothesis);
