using Diarist.Features;
using Diarist.Networks.Pyannote;
using Diarist.Segmentation;

namespace Diarist.Peers;

/// <summary>A network in ONNX Runtime: one session or several side by side, each run a few times.</summary>
/// <param name="sessions">The sessions, inputs bound.</param>
/// <param name="itemsPerRun">Windows that a session takes at once.</param>
/// <param name="resultLength">Values of the first output.</param>
internal sealed class OnnxRuntimeWorkload(OnnxSession[] sessions, int itemsPerRun, int resultLength) : IWorkload
{
    private readonly int _repeats = Math.Max(1, 4 / itemsPerRun);

    public double Items => sessions.Length * _repeats * itemsPerRun;

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

    private static OnnxSession[] Several(Workspace workspace, int sessions, Func<OnnxRuntime, OnnxSession> open)
    {
        OnnxRuntime runtime = new(workspace.OnnxRuntimeLibrary);
        return [.. Enumerable.Range(0, sessions).Select(_ => open(runtime))];
    }
}
