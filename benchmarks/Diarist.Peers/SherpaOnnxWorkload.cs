namespace Diarist.Peers;

/// <summary>A recording from samples to turns in sherpa-onnx, networks loaded before.</summary>
internal sealed class SherpaOnnxWorkload(Workspace workspace, int minutes, int threads) : IWorkload
{
    private readonly float[] _samples = workspace.Samples(minutes);
    private readonly SherpaOnnx _sherpa = new(workspace.SherpaOnnxLibrary, workspace.Segmentation, workspace.UnmaskedEmbedder, threads, Conversation.Voices);

    public double Items => 1;

    public bool RunsOnce => true;

    public double? ErrorRate { get; private set; }

    public void Run()
    {
        ErrorRate = workspace.ErrorRate(minutes, _sherpa.Diarize(_samples));
    }

    public void Dispose() => _sherpa.Dispose();
}
