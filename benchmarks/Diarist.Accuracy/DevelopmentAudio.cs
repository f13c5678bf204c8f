using Diarist.Audio;
using Diarist.Formats;
using Diarist.Simulation;

namespace Diarist.Accuracy;

/// <summary>A recording with its truth.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Samples">Mono, 16 kHz.</param>
/// <param name="Truth">Who really speaks.</param>
/// <param name="Regions">What is scored; everything when <see langword="null"/>.</param>
internal sealed record Recording(string Name, float[] Samples, IReadOnlyList<Turn> Truth, IReadOnlyList<TimeRange>? Regions = null)
{
    public double Seconds => Samples.Length / (double)MonoStream.SampleRate;

    public int Speakers => Truth.Select(turn => turn.Speaker).Distinct().Count();
}

/// <summary>A set of recordings whose scores are pooled.</summary>
internal sealed record RecordingSet(string Name, string Description, IReadOnlyList<Recording> Recordings);

/// <summary>
/// The audio of ../shared/audio and what is mixed from it. LibriSpeech speakers are sorted by number; every second one, from
/// the first, is for tuning and training, the others only for reports.
/// </summary>
internal sealed class DevelopmentAudio(string shared)
{
    private readonly Lazy<IReadOnlyList<SourceUtterance>> _utterances = new(() =>
        [.. UtteranceCatalog.Read(Path.Combine(shared, "audio/librispeech-train-clean-100")).OrderBy(utterance => int.Parse(utterance.Speaker, System.Globalization.CultureInfo.InvariantCulture))]);

    /// <summary>The utterances of the speakers for tuning and training.</summary>
    public IReadOnlyList<SourceUtterance> Seen => [.. _utterances.Value.Where((_, index) => index % 2 == 0)];

    /// <summary>The utterances of the other speakers.</summary>
    public IReadOnlyList<SourceUtterance> Unseen => [.. _utterances.Value.Where((_, index) => index % 2 == 1)];

    public RecordingSet Ami()
    {
        string folder = Path.Combine(shared, "audio/ami");
        return new RecordingSet("AMI", "14 excerpts of 30 s of AMI meetings, mixed headsets", [.. Directory.EnumerateFiles(folder, "*.flac").Order(StringComparer.Ordinal).Select(path =>
        {
            string stem = Path.ChangeExtension(path, null);
            using var turns = new StreamReader(stem + ".rttm");
            using var regions = new StreamReader(stem + ".uem");
            return new Recording(Path.GetFileName(stem), AudioReader.ReadMono(path), Rttm.Read(turns, path)[0].Turns, Uem.Read(regions, path)[0].Regions);
        })]);
    }

    public static RecordingSet Sample(string repository) => One("sample", "samples/conversation.flac, synthetic voices", Path.Combine(repository, "samples/conversation.flac"), Path.Combine(repository, "samples/conversation.rttm"));

    public RecordingSet Rec02() => One("rec02", "30 s of telephone speech, two people", Path.Combine(shared, "parity/rec02/audio.wav"), Path.Combine(shared, "parity/rec02/human.rttm"));

    /// <summary>2–5 speakers, 20–65 s, 10–20 % overlap, turns of 3–12 s.</summary>
    public static RecordingSet Short(string name, IReadOnlyList<SourceUtterance> speakers, long seed, int count = 30) =>
        Mix(name, $"{count} mixtures of 2–5 speakers, 20–65 s, 10–20 % overlap, turns of 3–12 s", ShortTalk(seed), speakers, count);

    /// <summary>The same conversations through a telephone channel.</summary>
    public static RecordingSet Telephone(string name, IReadOnlyList<SourceUtterance> speakers, long seed, int count = 30) =>
        Mix(name, "the same through a telephone channel (8 kHz, 300–3400 Hz, µ-law)", ShortTalk(seed) with { Telephone = true }, speakers, count);

    /// <summary>The same conversations through a telephone channel that leaves nothing of the voices below 300 Hz.</summary>
    public static RecordingSet BrickWall(string name, IReadOnlyList<SourceUtterance> speakers, long seed, int count = 30) => Mix(
        name,
        "the same through a brick-wall telephone channel (nothing below 300 Hz)",
        ShortTalk(seed) with { Telephone = true, TelephoneHalfTaps = TelephoneChannel.SteepHalfTaps },
        speakers,
        count);

    /// <summary>The same with turns of 0.8–8 s: people who hardly let each other finish.</summary>
    public static RecordingSet Rapid(string name, IReadOnlyList<SourceUtterance> speakers, long seed, int count = 30) => Mix(
        name,
        $"{count} mixtures of 2–5 speakers, 20–65 s, 10–20 % overlap, turns of 0.8–8 s",
        new SimulationOptions { Speakers = new(2, 5), Duration = new(20, 65), Overlap = new(0.1, 0.2), Seed = seed },
        speakers,
        count);

    /// <summary>4–16 speakers, 40–232 s.</summary>
    public static RecordingSet Long(string name, IReadOnlyList<SourceUtterance> speakers, long seed, int count = 12) => Mix(
        name,
        $"{count} mixtures of 4–16 speakers, 40–232 s, 10–20 % overlap",
        new SimulationOptions { Speakers = new(4, 16), Duration = new(40, 232), Overlap = new(0.1, 0.2), Seed = seed },
        speakers,
        count);

    /// <summary>2–8 speakers, 30–90 s, with noise and reverberation.</summary>
    public static RecordingSet Rooms(string name, IReadOnlyList<SourceUtterance> speakers, long seed, int count = 21) => Mix(
        name,
        $"{count} mixtures of 2–8 speakers, 30–90 s, 5–15 % overlap, noise at 10–25 dB, reverberation of 0.2–0.6 s",
        new SimulationOptions { Speakers = new(2, 8), Duration = new(30, 90), Overlap = new(0.05, 0.15), SignalToNoiseDb = new(10, 25), ReverberationTime = new(0.2, 0.6), Seed = seed },
        speakers,
        count);

    private static SimulationOptions ShortTalk(long seed) =>
        new() { Speakers = new(2, 5), Duration = new(20, 65), TurnDuration = new(3, 12), Overlap = new(0.1, 0.2), Seed = seed };

    private static RecordingSet Mix(string name, string description, SimulationOptions options, IReadOnlyList<SourceUtterance> speakers, int count)
    {
        var simulator = new ConversationSimulator(options, speakers);
        return new RecordingSet(name, description, [.. Enumerable.Range(0, count).Select(index =>
        {
            SimulatedConversation conversation = simulator.Create(index);
            return new Recording(conversation.Name, conversation.Samples, conversation.Turns);
        })]);
    }

    private static RecordingSet One(string name, string description, string audio, string truth)
    {
        using var turns = new StreamReader(truth);
        return new RecordingSet(name, description, [new Recording(name, AudioReader.ReadMono(audio), Rttm.Read(turns, truth)[0].Turns)]);
    }
}
