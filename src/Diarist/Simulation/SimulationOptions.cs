namespace Diarist.Simulation;

/// <summary>How conversations are made. Every range is drawn from uniformly for each conversation.</summary>
public sealed record SimulationOptions
{
    /// <summary>How many people take part; all of them speak.</summary>
    public ValueRange Speakers { get; init; } = new(2, 4);

    /// <summary>Length in seconds. A turn may end up to 2 s later; the conversation is shorter when its speakers run out of recordings.</summary>
    public ValueRange Duration { get; init; } = new(30, 60);

    /// <summary>The time in which two people speak, as a share of the time in which anybody does, 0 to 0.5.</summary>
    public ValueRange Overlap { get; init; } = 0.1;

    /// <summary>Speech in a turn, in seconds. An utterance without text is cut at its pauses into such turns; one with text stays whole, as nobody knows where its words are.</summary>
    public ValueRange TurnDuration { get; init; } = new(0.8, 8);

    /// <summary>The mean pause between turns that do not overlap, in seconds; pauses are distributed exponentially and last 0.1 to 3 s.</summary>
    public double MeanPause { get; init; } = 0.5;

    /// <summary>How loud speech is, in dB relative to full scale (root mean square over speech).</summary>
    public double LevelDb { get; init; } = -26;

    /// <summary>How far a speaker's loudness may lie from <see cref="LevelDb"/> in either direction, in dB.</summary>
    public double LevelSpreadDb { get; init; } = 3;

    /// <summary>Speech over background noise in dB; none is added when <see langword="null"/>.</summary>
    public ValueRange? SignalToNoiseDb { get; init; }

    /// <summary>Reverberation time (RT60) in seconds; the recordings stay dry when <see langword="null"/>.</summary>
    public ValueRange? ReverberationTime { get; init; }

    /// <summary>Direct over reverberant sound in dB, where there is reverberation.</summary>
    public double DirectToReverberantDb { get; init; } = 6;

    /// <summary>Whether the whole passes through a telephone channel: 8 kHz, 300 to 3400 Hz, µ-law.</summary>
    public bool Telephone { get; init; }

    /// <summary>How steep the channel's edges are: taps on each side of its filter.</summary>
    public int TelephoneHalfTaps { get; init; } = TelephoneChannel.PlainHalfTaps;

    /// <summary>The same seed gives the same conversations.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">One of them cannot be met by anything.</exception>
    public void Validate()
    {
        Require(Speakers.Minimum >= 1 && Speakers.Maximum <= 1000, "speakers must be 1 or more");
        Require(Duration.Minimum > 0 && Duration.Maximum <= 86_400, "seconds must be above 0 and at most a day");
        Require(Overlap.Minimum >= 0 && Overlap.Maximum <= 0.5, "the share of overlap must be 0 to 0.5");
        Require(TurnDuration.Minimum > 0, "turns must be longer than 0 s");
        Require(MeanPause > 0, "the mean pause must be above 0 s");
        Require(LevelDb is <= 0 and >= -80 && LevelSpreadDb is >= 0 and <= 30, "the level must be -80 to 0 dB and its spread 0 to 30 dB");
        Require(SignalToNoiseDb is not { } snr || (snr.Minimum >= -30 && snr.Maximum <= 120), "the signal-to-noise ratio must be -30 to 120 dB");
        Require(ReverberationTime is not { } reverb || (reverb.Minimum >= 0.05 && reverb.Maximum <= 5), "the reverberation time must be 0.05 to 5 s");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException(rule);
        }
    }
}
