using Diarist.Networks.Pyannote;
using Diarist.Segmentation;

namespace Diarist.Peers;

/// <summary>PyanNet here, over the same windows as the peer's, a batch on each thread.</summary>
internal sealed class DiaristPyanNet : IWorkload
{
    private const int Batch = 8;

    private readonly int _threads;
    private readonly PyanNet _network;
    private readonly WindowedAudio _windows;
    private readonly float[][] _results;

    public DiaristPyanNet(Workspace workspace, int threads)
    {
        _threads = threads;
        _network = PyanNet.Load(workspace.Segmentation);
        _windows = new WindowedAudio(workspace.Samples(5), Batch, SlidingWindow.DefaultStepSamples);
        _results = [.. Enumerable.Range(0, threads).Select(_ => new float[Batch * SlidingWindow.FramesPerWindow * Powerset.Classes])];
    }

    public double Items => _threads * Batch;

    public ReadOnlySpan<float> Result => _results[0];

    public void Run() => SideBySide.Run(_threads, i => _network.LogProbabilities(_windows, _results[i]));

    public void Dispose()
    {
    }
}
