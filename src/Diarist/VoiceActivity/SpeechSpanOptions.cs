namespace Diarist.VoiceActivity;

/// <summary>How probabilities of speech become spans of speech. Names and defaults are those of silero-vad's <c>get_speech_timestamps</c>.</summary>
public sealed record SpeechSpanOptions
{
    /// <summary>A span begins at a step with at least this probability.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>A silence begins at a step with less than this probability; upstream: the threshold − 0.15, but at least 0.01.</summary>
    public double NegativeThreshold { get; init; } = 0.35;

    /// <summary>Spans that are not longer are dropped, in seconds (before padding).</summary>
    public double MinimumSpeech { get; init; } = 0.25;

    /// <summary>Silences that are shorter do not end a span, in seconds.</summary>
    public double MinimumSilence { get; init; } = 0.1;

    /// <summary>What is added to both ends of a span, in seconds; spans that would then overlap meet in the middle.</summary>
    public double Pad { get; init; } = 0.03;
}
