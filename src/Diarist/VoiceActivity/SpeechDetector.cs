using Diarist.Audio;
using Diarist.Networks;
using Diarist.Networks.Silero;
using Diarist.Packs;

namespace Diarist.VoiceActivity;

/// <summary>
/// Finds where somebody speaks, with Silero VAD. Holds the network, so make one and use it for many recordings; it may be used from
/// several threads at once. Recordings are read as streams: only the probabilities of their steps of 32 ms are kept.
/// </summary>
public sealed class SpeechDetector
{
    private readonly SileroVad _network;

    private SpeechDetector(LocatedPack pack) => (_network, Packs) = (Network.VoiceActivity.Load(pack, Precision.FloatingPoint, 1), [pack]);

    /// <summary>The names of the packs that are needed.</summary>
    public static IReadOnlyList<string> RequiredPacks { get; } = [Network.VoiceActivity.Pack];

    /// <summary>The network that is used, for credits.</summary>
    public IReadOnlyList<LocatedPack> Packs { get; }

    /// <summary>Loads the network.</summary>
    /// <param name="store">Where packs are found; nothing is fetched.</param>
    /// <exception cref="PackException">The pack is damaged or of another network.</exception>
    public static SpeechDetector Create(PackStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new SpeechDetector(store.Require(Network.VoiceActivity.Pack));
    }

    /// <summary>Finds the spans of speech of a file.</summary>
    /// <param name="path">Audio of any kind that <see cref="AudioReader"/> opens.</param>
    /// <param name="options">Thresholds and durations; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <exception cref="InputException">The file cannot be read or decoded.</exception>
    public DetectedSpeech Detect(string path, SpeechSpanOptions? options = null, CancellationToken cancellationToken = default)
    {
        using AudioStream audio = AudioReader.Open(path);
        return Detect(audio, options, cancellationToken);
    }

    /// <summary>Finds the spans of speech of a recording as it is decoded.</summary>
    /// <param name="audio">The recording, read to its end; the caller disposes it.</param>
    /// <param name="options">Thresholds and durations; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <exception cref="AudioFormatException">The recording is damaged.</exception>
    public DetectedSpeech Detect(AudioStream audio, SpeechSpanOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        using var mono = new MonoStream(audio);
        using var stream = new SileroVadStream(_network);
        var probabilities = new List<float>();
        float[] samples = new float[MonoStream.SampleRate];
        long total = 0;
        for (int count; (count = mono.Read(samples)) > 0; total += count)
        {
            float[] finished = new float[stream.StepsAfter(count)];
            stream.Push(samples.AsSpan(0, count), finished, cancellationToken);
            probabilities.AddRange(finished);
        }

        float[] last = new float[1];
        probabilities.AddRange(last.AsSpan(0, stream.Finish(last)));
        return new DetectedSpeech(SpeechSpans.Find(probabilities.ToArray(), total, options), total / (double)MonoStream.SampleRate, [.. mono.Warnings]);
    }

    /// <summary>Finds the spans of speech of samples in memory.</summary>
    /// <param name="samples">Mono at 16 kHz, in [−1, 1].</param>
    /// <param name="options">Thresholds and durations; the defaults when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <exception cref="ArgumentException">A sample is not finite, or far beyond full scale as 16-bit integers are.</exception>
    public DetectedSpeech Detect(ReadOnlySpan<float> samples, SpeechSpanOptions? options = null, CancellationToken cancellationToken = default)
    {
        SampleCheck.Require(samples, nameof(samples));
        return new(SpeechSpans.Find(_network.Probabilities(samples, cancellationToken), samples.Length, options), samples.Length / (double)MonoStream.SampleRate, []);
    }
}

/// <summary>Where somebody speaks in a recording.</summary>
public sealed record DetectedSpeech
{
    internal DetectedSpeech(IReadOnlyList<TimeRange> spans, double duration, IReadOnlyList<string> warnings) =>
        (Spans, Duration, Warnings) =
        (spans, duration, warnings);

    /// <summary>Spans in order that do not overlap, in seconds.</summary>
    public IReadOnlyList<TimeRange> Spans { get; init; }

    /// <summary>The length of the recording in seconds.</summary>
    public double Duration { get; init; }

    /// <summary>Things that the user should know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; }
}
