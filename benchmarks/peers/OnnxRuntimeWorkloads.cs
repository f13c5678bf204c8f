using Diarist.Segmentation;

namespace Diarist.Peers;

/// <summary>A network in ONNX Runtime: one session or several side by side, each run a few times.</summary>
internal sealed class OnnxRuntimeWorkload(OnnxSession[] sessions, double itemsPerRun, int repeats) : IWorkload
{
    /// <summary>Frames of 10 ms in a window of 10 s, with snipped edges.</summary>
    public const int FeatureFrames = 998;

    public const int FeatureBins = 80;

    public double Items => sessions.Length * repeats * itemsPerRun;

    public void Run() => SideBySide.Run(sessions.Length, i =>
    {
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            sessions[i].Run();
        }
    });

    public void Dispose() => Array.ForEach(sessions, session => session.Dispose());

    /// <summary>The ResNet34 over windows of 998 frames of random features.</summary>
    public static OnnxRuntimeWorkload ResNet34(Workspace workspace, int sessions, int threadsEach) => Create(workspace.OnnxRuntimeLibrary, sessions, 1, runtime =>
    {
        OnnxSession session = new(runtime, workspace.Embedder, threadsEach);
        PinnedArray<float> features = new(FeatureFrames * FeatureBins);
        RandomFeatures.Fill(features.Span);
        session.Bind(0, features, 1, FeatureFrames, FeatureBins);
        return session;
    });

    /// <summary>PyanNet over windows of the conversation, <paramref name="batch"/> at once.</summary>
    public static OnnxRuntimeWorkload PyanNet(Workspace workspace, int batch, int sessions, int threadsEach)
    {
        float[] samples = workspace.Samples(5);
        return Create(workspace.OnnxRuntimeLibrary, sessions, batch, runtime =>
        {
            OnnxSession session = new(runtime, workspace.Segmentation, threadsEach);
            PinnedArray<float> windows = new(batch * SlidingWindow.WindowSamples);
            for (int window = 0; window < batch; window++)
            {
                samples.AsSpan(window * SlidingWindow.DefaultStepSamples, SlidingWindow.WindowSamples).CopyTo(windows.Span[(window * SlidingWindow.WindowSamples)..]);
            }

            session.Bind(0, windows, batch, 1, SlidingWindow.WindowSamples);
            return session;
        });
    }

    private static OnnxRuntimeWorkload Create(string library, int sessions, int itemsPerRun, Func<OnnxRuntime, OnnxSession> open)
    {
        OnnxRuntime runtime = new(library);
        return new OnnxRuntimeWorkload([.. Enumerable.Range(0, sessions).Select(_ => open(runtime))], itemsPerRun, repeats: Math.Max(1, 8 / itemsPerRun));
    }
}

/// <summary>The features of a window, the same for all sides: what they say does not matter, only that they are there.</summary>
internal static class RandomFeatures
{
    public static void Fill(Span<float> features)
    {
        Random random = new(998);
        foreach (ref float value in features)
        {
            value = (float)((random.NextDouble() - 0.5) * 6);
        }
    }
}
