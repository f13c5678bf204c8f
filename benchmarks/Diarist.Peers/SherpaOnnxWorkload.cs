namespace Diarist.Peers;

/// <summary>A recording from samples to turns in sherpa-onnx, networks loaded before.</summary>
internal sealed class SherpaOnnxWorkload(Workspace workspace, int minutes, int threads) : IWorkload
{
    private readonly float[] _samples = workspace.Samples(minutes);
    private readonly SherpaOnnx _sherpa = new(workspace.SherpaOnnxLibrary, workspace.Segmentation, workspace.UnmaskedEmbedder, threads, Conversation.Voices);

    public double Items => 1;

    public bool RunsOnce => true;

    public void Run()
    {
        (int speakers, int turns) = _sherpa.Diarize(_samples);
        if (speakers < 1 || turns < 1)
        {
            throw new InvalidOperationException($"sherpa-onnx found nobody in speech");
        }
    }

    public void Dispose() => _sherpa.Dispose();
}
