using Diarist.Networks;
using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;

namespace Diarist;

/// <summary>How to diarize. Every property has a default; each default names its source.</summary>
public sealed record DiarizerOptions
{
    private const double FastStep = 5;

    /// <summary>How speakers are found. Default <see cref="Recipe.Segments"/>.</summary>
    public Recipe Recipe { get; init; } = Recipe.Segments;

    /// <summary>The number of speakers when it is known, 1 or more.</summary>
    public int? Speakers { get; init; }

    /// <summary>The fewest speakers to find, 1 or more.</summary>
    public int? MinimumSpeakers { get; init; }

    /// <summary>The most speakers to find, 1 or more.</summary>
    public int? MaximumSpeakers { get; init; }

    /// <summary>Where the recipe stops joining, in its own unit; <see langword="null"/> takes <see cref="Recipe.Threshold"/>.</summary>
    public double? Threshold { get; init; }

    /// <summary>
    /// Seconds between the windows, above 0 and at most 10; <see langword="null"/> takes the recipe's: for <see cref="Recipe.Segments"/> 1 in
    /// recordings of up to four minutes and 2 in longer ones, 1 for the others (a tenth of the window, as in pyannote.audio 4).
    /// </summary>
    public double? Step { get; init; }

    /// <summary>How much work <see cref="Recipe.Segments"/> does where <see cref="Step"/> is not given. Default <see cref="Speed.Normal"/>.</summary>
    public Speed Speed { get; init; }

    /// <summary>Turns shorter than this many seconds are dropped. Default 0, as in community-1.</summary>
    public double MinimumDurationOn { get; init; }

    /// <summary>Gaps within a speaker shorter than this many seconds are closed. Default 0, as in community-1.</summary>
    public double MinimumDurationOff { get; init; }

    /// <summary>How <see cref="Recipe.Nemotron3"/> makes turns of probabilities. Default <see cref="TurnSettings.Card"/>, as the model card's tables.</summary>
    public TurnSettings TurnSettings { get; init; } = TurnSettings.Card;

    /// <summary>Threads to work on; 0 takes one for each processor. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>The arithmetic of the speaker embedder. Default <see cref="Precision.Auto"/>; a result's options say which was used.</summary>
    public Precision Precision { get; init; }

    /// <summary>Whether the result keeps one embedding for each speaker. Default no: embeddings are biometric data and are dropped with the work.</summary>
    public bool KeepEmbeddings { get; init; }

    /// <summary>Measures the stages; <see langword="null"/> measures nothing.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>The grid of windows that <see cref="Step"/> makes.</summary>
    internal SlidingWindow Window => new((int)Math.Round((Step ?? 1) * SlidingWindow.SampleRate));

    /// <summary>The seconds between windows that were asked for in one way or the other; <see langword="null"/> leaves them to the recipe.</summary>
    internal double? ChosenStep => Step ?? (Speed == Speed.Fast ? FastStep : null);

    /// <summary>What is known about the number of speakers.</summary>
    internal SpeakerBounds Bounds => Speakers is int exact ? SpeakerBounds.Exactly(exact) : new SpeakerBounds(MinimumSpeakers, MaximumSpeakers);

    /// <summary>These options with one thread for each processor unless a number was given.</summary>
    internal DiarizerOptions Resolved => this with { Threads = Threads > 0 ? Threads : Environment.ProcessorCount };

    /// <summary>Checks the options against each other.</summary>
    /// <exception cref="ArgumentException">A value is out of range or contradicts another; the message says which.</exception>
    public void Validate()
    {
        if (Contradiction() is { } problem)
        {
            throw new ArgumentException(problem);
        }

        TurnSettings.Validate();
    }

    // Made of conditions, so that no text is made for what holds.
    private string? Contradiction() =>
        Speakers < 1 ? $"The number of speakers ({Speakers}) must be at least 1."
        : MinimumSpeakers < 1 ? $"The least number of speakers ({MinimumSpeakers}) must be at least 1."
        : MaximumSpeakers < 1 ? $"The largest number of speakers ({MaximumSpeakers}) must be at least 1."
        : MinimumSpeakers > MaximumSpeakers ? $"The least number of speakers ({MinimumSpeakers}) is above the largest ({MaximumSpeakers})."
        : Speakers < MinimumSpeakers ? $"The number of speakers ({Speakers}) is below the least ({MinimumSpeakers})."
        : Speakers > MaximumSpeakers ? $"The number of speakers ({Speakers}) is above the largest ({MaximumSpeakers})."
        : Step is not (null or (> 0 and <= 10)) ? $"The step ({Step}) must be above 0 and at most 10 seconds."
        : Speed is not (Speed.Normal or Speed.Fast) ? $"The speed ({Speed}) is not known."
        : Speed != Speed.Normal && Step is not (null or FastStep) ? $"The speed and the step ({Step} s) both choose the windows."
        : Speed != Speed.Normal && Recipe != Recipe.Segments ? $"The recipe {Recipe} has one speed."
        : Precision is not (Precision.Auto or Precision.FloatingPoint or Precision.EightBit) ? $"The precision ({Precision}) is not known."
        : Threads < 0 ? $"The number of threads ({Threads}) must not be negative."
        : !(MinimumDurationOn >= 0 && MinimumDurationOff >= 0) ? "Minimal durations must not be negative."
        : Threshold is not (null or (>= 0 and <= 10)) ? $"The threshold ({Threshold}) must lie between 0 and 10."
        : Threshold is not null && Recipe.Threshold is null ? $"The recipe {Recipe} has no threshold."
        : Step is not null && !Recipe.Networks.Contains(Network.Segmentation) ? $"The recipe {Recipe} has no windows, so no step between them can be chosen."
        : KeepEmbeddings && !Recipe.Networks.Contains(Network.Segmentation) ? $"The recipe {Recipe} gives no embeddings that could be kept."
        : Precision != Precision.Auto && Recipe == Recipe.VoiceActivity ? $"The recipe {Recipe} has no embedder whose precision could be chosen."
        : null;
}
