namespace Diarist.Peers;

/// <summary>One way of getting a comparison's work done, in a process of its own.</summary>
/// <param name="Id">Its name on the command line.</param>
/// <param name="How">Its name in the table.</param>
/// <param name="Create">Loads what it needs.</param>
internal sealed record Contender(string Id, string How, Func<Workspace, IWorkload> Create);

/// <summary>The same work by Diarist and by a peer. Where the peer has several ways, each is tried once and the fastest competes.</summary>
/// <param name="Id">Its name on the command line.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="Threads">Threads of either side.</param>
/// <param name="Unit">How results are shown.</param>
/// <param name="Rounds">The most rounds that are worth their time; long runs vary little.</param>
/// <param name="AtLeast">The ratio (peer's time / ours, or × real time) below which the comparison fails.</param>
/// <param name="Aim">The ratio that is hoped for.</param>
/// <param name="Ours">Diarist.</param>
/// <param name="Peer">The peer's name; empty where there is none.</param>
/// <param name="Theirs">The peer's ways.</param>
internal sealed record Comparison(
    string Id, string Title, int Threads, Unit Unit, int Rounds, double AtLeast, double Aim, Contender Ours, string Peer, params IReadOnlyList<Contender> Theirs)
{
    private const string OnnxRuntime = "ONNX Runtime";
    private const string SherpaOnnx = "sherpa-onnx";

    /// <summary>Whether both sides give the same numbers: the same network on the same input, not two different pipelines.</summary>
    public bool ComparesValues => Peer == OnnxRuntime && !Approximate;

    /// <summary>Whether the two sides compute in different arithmetics.</summary>
    public bool Approximate { get; private init; }

    /// <summary>The rows of the table.</summary>
    public static IReadOnlyList<Comparison> All { get; } =
    [
        new(
            "resnet34-1", "ResNet34, 998 frames", 1, Unit.MillisecondsPerWindow, 5, 1.8, 2.3,
            new("diarist", "window by window", workspace => new DiaristResNet34(workspace, threads: 1)),
            OnnxRuntime,
            new Contender("single", "window by window", workspace => OnnxRuntimeWorkload.ResNet34(workspace, sessions: 1, threadsEach: 1))),
        new(
            "resnet34-2", "ResNet34, 998 frames", 2, Unit.MillisecondsPerWindow, 5, 1.5, 2.0,
            new("diarist", "windows side by side", workspace => new DiaristResNet34(workspace, threads: 2)),
            OnnxRuntime,
            new("single", "2 threads within operators", workspace => OnnxRuntimeWorkload.ResNet34(workspace, sessions: 1, threadsEach: 2)),
            new("two", "two sessions side by side", workspace => OnnxRuntimeWorkload.ResNet34(workspace, sessions: 2, threadsEach: 1))),
        new(
            "resnet34-int8-1", "ResNet34, 998 frames, int8 (the peer in float32)", 1, Unit.MillisecondsPerWindow, 5, 2.2, 3,
            new("diarist", "window by window", workspace => new DiaristResNet34(workspace, threads: 1, Precision.EightBit)),
            OnnxRuntime,
            new Contender("single", "window by window", workspace => OnnxRuntimeWorkload.ResNet34(workspace, sessions: 1, threadsEach: 1))) { Approximate = true },
        new(
            "pyannet-1", "PyanNet, 10 s windows", 1, Unit.MillisecondsPerWindow, 5, 1.4, 2.2,
            new("diarist", "batches of 8, 1 s apart", workspace => new DiaristPyanNet(workspace, threads: 1)),
            OnnxRuntime,
            new("single", "window by window", workspace => OnnxRuntimeWorkload.PyanNet(workspace, batch: 1, sessions: 1, threadsEach: 1)),
            new("batch", "batches of 8", workspace => OnnxRuntimeWorkload.PyanNet(workspace, batch: 8, sessions: 1, threadsEach: 1))),
        new(
            "pyannet-2", "PyanNet, 10 s windows", 2, Unit.MillisecondsPerWindow, 5, 1.4, 2.2,
            new("diarist", "batches of 8, 1 s apart, side by side", workspace => new DiaristPyanNet(workspace, threads: 2)),
            OnnxRuntime,
            new("single", "window by window, 2 threads within operators", workspace => OnnxRuntimeWorkload.PyanNet(workspace, batch: 1, sessions: 1, threadsEach: 2)),
            new("batch", "batches of 8, 2 threads within operators", workspace => OnnxRuntimeWorkload.PyanNet(workspace, batch: 8, sessions: 1, threadsEach: 2)),
            new("two-single", "two sessions side by side, window by window", workspace => OnnxRuntimeWorkload.PyanNet(workspace, batch: 1, sessions: 2, threadsEach: 1)),
            new("two-batch", "two sessions side by side, batches of 8", workspace => OnnxRuntimeWorkload.PyanNet(workspace, batch: 8, sessions: 2, threadsEach: 1))),
        new(
            "silero", "Silero over a recording of 5 minutes", 1, Unit.MicrosecondsPerStep, 5, 6, 10,
            new("diarist", "whole recording", workspace => new DiaristSilero(workspace)),
            OnnxRuntime,
            new Contender("steps", "step by step, state fed back", workspace => new OnnxRuntimeSilero(workspace))),
        new(
            "sherpa", "5 minutes of speech, number of speakers given", 2, Unit.SecondsPerRecording, 1, 5, 10,
            DiarizationOf(new(Recipe.Segments, 5)),
            SherpaOnnx,
            new Contender("sherpa", "as it comes, 2 threads within operators", workspace => new SherpaOnnxWorkload(workspace, minutes: 5, threads: 2))),
        Nemotron3("nemotron3", "Nemotron 3, a step of the offline profile, float32", Nemotron3Profile.Offline, integers: false, peerIntegers: false, 1.1, 1.3),
        Nemotron3("nemotron3-32", "Nemotron 3, a step of chunk 32, float32", Nemotron3Profile.Live32, integers: false, peerIntegers: false, 1.1, 1.3),
        Nemotron3("nemotron3-q8", "Nemotron 3, a step of the offline profile, Q8_0 (the peer in float32)", Nemotron3Profile.Offline, integers: true, peerIntegers: false, 1.3, 1.6),
        Nemotron3("nemotron3-q8-32", "Nemotron 3, a step of chunk 32, Q8_0 (the peer in float32)", Nemotron3Profile.Live32, integers: true, peerIntegers: false, 1.3, 1.6),
        Nemotron3("nemotron3-int8", "Nemotron 3, a step of the offline profile, Q8_0 (the peer in 8-bit integers, a scale a column)", Nemotron3Profile.Offline, integers: true, peerIntegers: true, 0.5, 1),
        new(
            "tool", "10 minutes of speech, the tool from start to end", 2, Unit.SecondsPerMinute, 5, 90, 110,
            new("diarist", "`diarist diarize`", workspace => new DiaristTool(workspace, minutes: 10, threads: 2)),
            Peer: ""),
        new(
            "tool-60", "an hour of speech, the tool from start to end", 2, Unit.SecondsPerMinute, 1, 90, 110,
            new("diarist", "`diarist diarize`", workspace => new DiaristTool(workspace, minutes: 60, threads: 2)),
            Peer: ""),
        new(
            "tool-fast", "10 minutes of speech, the tool from start to end, `--speed fast`", 2, Unit.SecondsPerMinute, 5, 80, 150,
            new("diarist", "`diarist diarize --speed fast`", workspace => new DiaristTool(workspace, minutes: 10, threads: 2, fast: true)),
            Peer: ""),
        new(
            "tool-fast-60", "an hour of speech, the tool from start to end, `--speed fast`", 2, Unit.SecondsPerMinute, 1, 80, 150,
            new("diarist", "`diarist diarize --speed fast`", workspace => new DiaristTool(workspace, minutes: 60, threads: 2, fast: true)),
            Peer: ""),
        new(
            "tool-float32", "10 minutes of speech, the tool from start to end, float32 on 256-bit vectors", 2, Unit.SecondsPerMinute, 5, 50, 60,
            new("diarist", "`diarist diarize --precision float32`", workspace => new DiaristTool(workspace, minutes: 10, threads: 2, withoutVnni: true)),
            Peer: ""),
        new(
            "tool-float32-60", "an hour of speech, the tool from start to end, float32 on 256-bit vectors", 2, Unit.SecondsPerMinute, 1, 50, 60,
            new("diarist", "`diarist diarize --precision float32`", workspace => new DiaristTool(workspace, minutes: 60, threads: 2, withoutVnni: true)),
            Peer: ""),
    ];

    /// <summary>Recordings of growing length, to see what time and memory grow with; no peer.</summary>
    public static Comparison Growth { get; } = new(
        "growth", "", 2, Unit.SecondsPerRecording, 1, 0, 0, DiarizationOf(Recordings[0]), Peer: "", [.. Recordings.Skip(1).Select(DiarizationOf)]);

    /// <summary>The recordings of <see cref="Growth"/>.</summary>
    public static IReadOnlyList<Recording> Recordings =>
    [
        new(Recipe.Segments, 10),
        new(Recipe.Segments, 60),
        new(Recipe.Community1, 10),
    ];

    /// <summary>The comparison of a name.</summary>
    public static Comparison Find(string id) => All.Append(Growth).FirstOrDefault(comparison => comparison.Id == id)
        ?? throw new ArgumentException($"There is no comparison '{id}'; there are {string.Join(", ", All.Select(comparison => comparison.Id))}.", nameof(id));

    /// <summary>The contender of a name.</summary>
    public Contender Contender(string id) => Theirs.Prepend(Ours).FirstOrDefault(contender => contender.Id == id)
        ?? throw new ArgumentException($"{Id} has no contender '{id}'.", nameof(id));

    /// <summary>A step of the Nemotron 3 network beside ONNX Runtime.</summary>
    private static Comparison Nemotron3(string id, string title, Nemotron3Profile profile, bool integers, bool peerIntegers, double atLeast, double aim) => new(
        id, title, 2, Unit.MillisecondsPerSecond, 3, atLeast, aim,
        new("diarist", integers ? "Q8_0" : "float32", workspace => new DiaristNemotron3(workspace, profile, threads: 2, integers)),
        OnnxRuntime,
        new Contender("single", $"{(peerIntegers ? "8-bit integers" : "float32")}, 2 threads within operators", workspace => OnnxRuntimeWorkload.Nemotron3(workspace, profile, peerIntegers, threads: 2)))
    {
        Approximate = integers || peerIntegers,
    };

    /// <summary>A recording from file to turns on two threads.</summary>
    public static Contender DiarizationOf(Recording recording) =>
        new(recording.Id, recording.Recipe.Name, workspace => new DiaristRecording(workspace, recording, threads: 2));
}

/// <summary>How the results of a comparison are shown.</summary>
internal sealed record Unit(string Name, double PerSecond)
{
    public static Unit MillisecondsPerWindow { get; } = new("ms/window", 1e3);

    public static Unit MicrosecondsPerStep { get; } = new("µs/step", 1e6);

    /// <summary>For networks that are counted in seconds of audio.</summary>
    public static Unit MillisecondsPerSecond { get; } = new("ms/s of audio", 1e3);

    public static Unit SecondsPerRecording { get; } = new("s", 1);

    /// <summary>For work that is counted in seconds of audio.</summary>
    public static Unit SecondsPerMinute { get; } = new("s per minute", 60);
}
