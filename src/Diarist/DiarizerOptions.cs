using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;

namespace Diarist;

/// <summary>How to diarize. Every property has a default; each default names its source.</summary>
public sealed record DiarizerOptions
{
    /// <summary>
    /// The recipe, one of <see cref="Recipes"/>; <see langword="null"/> takes the best one for the embedder:
    /// <c>community-1</c> for WeSpeaker (REFERENCE: pyannote.audio 4), <c>small-embedder</c> for voxsv.
    /// </summary>
    public string? Recipe { get; init; }

    /// <summary>The embedder, <c>wespeaker</c> or <c>voxsv</c>; <see langword="null"/> takes wespeaker when its pack is there, else voxsv.</summary>
    public string? Embedder { get; init; }

    /// <summary>The number of speakers when it is known, 1 or more.</summary>
    public int? Speakers { get; init; }

    /// <summary>The fewest speakers to find, 1 or more.</summary>
    public int? MinSpeakers { get; init; }

    /// <summary>The most speakers to find, 1 or more.</summary>
    public int? MaxSpeakers { get; init; }

    /// <summary>The threshold at which the recipe's linkage is cut, in the recipe's own unit; <see langword="null"/> takes the recipe's.</summary>
    public double? Threshold { get; init; }

    /// <summary>
    /// Seconds between the windows, above 0 and at most 10; <see langword="null"/> takes the recipe's: for <see cref="Recipes.Segments"/> 1 in
    /// recordings of up to two minutes and 2 in longer ones, 1 for the others (a tenth of the window, as in pyannote.audio 4).
    /// </summary>
    public double? Step { get; init; }

    /// <summary>Turns shorter than this many seconds are dropped. Default 0, as in community-1.</summary>
    public double MinDurationOn { get; init; }

    /// <summary>Gaps within a speaker shorter than this many seconds are closed. Default 0, as in community-1.</summary>
    public double MinDurationOff { get; init; }

    /// <summary>What WeSpeaker's trunk sees at once; see <see cref="Networks.WeSpeaker.EmbeddingWindows"/>. Default exact, as pyannote.audio does.</summary>
    public EmbeddingWindows EmbeddingWindows { get; init; }

    /// <summary>Threads to work on; 0 takes one for each processor. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Whether the result keeps one embedding for each speaker. Default no: embeddings are biometric data and are dropped with the work.</summary>
    public bool KeepEmbeddings { get; init; }

    /// <summary>Measures the stages; <see langword="null"/> measures nothing.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>The grid of windows that <see cref="Step"/> makes.</summary>
    internal SlidingWindow Window => new((int)Math.Round((Step ?? 1) * SlidingWindow.SampleRate));

    /// <summary>Checks the options against each other.</summary>
    /// <exception cref="ArgumentException">A value is out of range or contradicts another; the message says which.</exception>
    public void Validate()
    {
        RequirePositive(Speakers, nameof(Speakers));
        RequirePositive(MinSpeakers, nameof(MinSpeakers));
        RequirePositive(MaxSpeakers, nameof(MaxSpeakers));
        Require(!(MinSpeakers > MaxSpeakers), $"MinSpeakers ({MinSpeakers}) is above MaxSpeakers ({MaxSpeakers}).");
        Require(!(Speakers < MinSpeakers) && !(Speakers > MaxSpeakers), $"Speakers ({Speakers}) lies outside MinSpeakers ({MinSpeakers}) and MaxSpeakers ({MaxSpeakers}).");
        Require(Step is null or (> 0 and <= 10), $"Step ({Step}) must be above 0 and at most 10 seconds.");
        Require(Threads >= 0, $"Threads ({Threads}) must not be negative.");
        Require(MinDurationOn >= 0 && MinDurationOff >= 0, "Minimal durations must not be negative.");
        Require(Threshold is null or (>= 0 and <= 10), $"Threshold ({Threshold}) must lie between 0 and 10.");
        Require(Recipe is null || Recipes.All.Contains(Recipe), $"There is no recipe '{Recipe}'; there are {string.Join(", ", Recipes.All)}.");
    }

    private static void RequirePositive(int? value, string name) => Require(value is null or >= 1, $"{name} ({value}) must be at least 1.");

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
