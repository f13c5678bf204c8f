using Diarist.Features;
using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;

namespace Diarist.Peers;

/// <summary>The ResNet34 here, features to embedding, windows one by one on each thread.</summary>
internal sealed class DiaristResNet34 : IWorkload
{
    private const int Repeats = 4;

    private readonly int _threads;
    private readonly WeSpeakerResNet34 _network;
    private readonly float[] _features = Features();
    private readonly byte[] _mask = new byte[SlidingWindow.FramesPerWindow];
    private readonly float[][] _results;

    public DiaristResNet34(Workspace workspace, int threads, Precision precision = Precision.FloatingPoint)
    {
        _threads = threads;
        _network = WeSpeakerResNet34.Load(workspace.Embedder, new WeSpeakerOptions { Precision = precision });
        _mask.AsSpan().Fill(1);
        _results = [.. Enumerable.Range(0, threads).Select(_ => new float[_network.Dimension])];
    }

    public double Items => _threads * Repeats;

    public ReadOnlySpan<float> Result => _results[0];

    public void Run() => SideBySide.Run(_threads, i =>
    {
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            _network.EmbedFeatures(_features, _mask, _results[i], CancellationToken.None);
        }
    });

    public void Dispose()
    {
    }

    /// <summary>Features of a window of 10 s, (998, 80): what they say does not matter, only that both sides get them.</summary>
    public static float[] Features()
    {
        Random random = new(998);
        float[] features = new float[KaldiFilterBank.FrameCount(SlidingWindow.WindowSamples) * KaldiFilterBank.Filters];
        foreach (ref float value in features.AsSpan())
        {
            value = (float)((random.NextDouble() - 0.5) * 6);
        }

        return features;
    }
}
