using Diarist.Features;
using Diarist.Networks.Nemotron3;
using Diarist.Networks.Pyannote;
using Diarist.Segmentation;

namespace Diarist.Peers;

/// <summary>A network in ONNX Runtime: one session or several side by side, each run a few times.</summary>
/// <param name="sessions">The sessions, inputs bound.</param>
/// <param name="itemsPerRun">Windows that a session takes at once.</param>
/// <param name="resultLength">Values of the first output.</param>
/// <param name="secondsPerRun">Seconds of audio that a run gets done, where they are what is counted; it is then run once at a time.</param>
internal sealed class OnnxRuntimeWorkload(OnnxSession[] sessions, int itemsPerRun, int resultLength, double? secondsPerRun = null) : IWorkload
{
    private readonly int _repeats = secondsPerRun is null ? Math.Max(1, 4 / itemsPerRun) : 1;

    public double Items => secondsPerRun ?? (sessions.Length * _repeats * itemsPerRun);

    public ReadOnlySpan<float> Result => sessions[0].Output(0, resultLength);

    public void Run() => SideBySide.Run(sessions.Length, i =>
    {
        for (int repeat = 0; repeat < _repeats; repeat++)
        {
            sessions[i].Run();
        }
    });

    public void Dispose() => Array.ForEach(sessions, session => session.Dispose());

    /// <summary>The ResNet34 over a window of random features.</summary>
    public static OnnxRuntimeWorkload ResNet34(Workspace workspace, int sessions, int threadsEach)
    {
        float[] features = DiaristResNet34.Features();
        OnnxSession Open(OnnxRuntime runtime)
        {
            OnnxSession session = new(runtime, workspace.UnmaskedEmbedder, threadsEach);
            session.Bind(0, new PinnedArray<float>(features), 1, features.Length / KaldiFilterBank.Filters, KaldiFilterBank.Filters);
            return session;
        }

        return new OnnxRuntimeWorkload(Several(workspace, sessions, Open), itemsPerRun: 1, resultLength: 256);
    }

    /// <summary>PyanNet over windows of the conversation, <paramref name="batch"/> at once.</summary>
    public static OnnxRuntimeWorkload PyanNet(Workspace workspace, int batch, int sessions, int threadsEach)
    {
        float[] samples = workspace.Samples(5);
        float[] windows = [.. Enumerable.Range(0, batch).SelectMany(i => samples.AsSpan(i * SlidingWindow.DefaultStepSamples, SlidingWindow.WindowSamples).ToArray())];
        OnnxSession Open(OnnxRuntime runtime)
        {
            OnnxSession session = new(runtime, workspace.Segmentation, threadsEach);
            session.Bind(0, new PinnedArray<float>(windows), batch, 1, SlidingWindow.WindowSamples);
            return session;
        }

        return new OnnxRuntimeWorkload(Several(workspace, sessions, Open), batch, batch * SlidingWindow.FramesPerWindow * Powerset.Classes);
    }

    /// <summary>A step of the Nemotron 3 network.</summary>
    public static OnnxRuntimeWorkload Nemotron3(Workspace workspace, Nemotron3Profile profile, bool integers, int threads)
    {
        OnnxSession Open(OnnxRuntime runtime)
        {
            OnnxSession session = new(runtime, workspace.Nemotron3(profile, integers), threads);
            float[] input = SeededNemotron3.Input(profile);
            session.Bind(0, new PinnedArray<float>(input), SeededNemotron3.Frames(profile), input.Length / SeededNemotron3.Frames(profile));
            return session;
        }

        int rows = profile.Chunk * Nemotron3Configuration.RowsPerFrame;
        return new OnnxRuntimeWorkload(Several(workspace, 1, Open), 1, rows * Nemotron3Configuration.Speakers, secondsPerRun: profile.Chunk * Nemotron3Profile.FrameDuration);
    }

    private static OnnxSession[] Several(Workspace workspace, int sessions, Func<OnnxRuntime, OnnxSession> open)
    {
        OnnxRuntime runtime = new(workspace.OnnxRuntimeLibrary);
        return [.. Enumerable.Range(0, sessions).Select(_ => open(runtime))];
    }
}
