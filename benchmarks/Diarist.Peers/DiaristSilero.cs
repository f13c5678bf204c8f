using Diarist.Networks.Silero;

namespace Diarist.Peers;

/// <summary>Silero here, over a whole recording.</summary>
internal sealed class DiaristSilero(Workspace workspace) : IWorkload
{
    private readonly SileroVad _network = SileroVad.Load(workspace.Silero);
    private readonly float[] _samples = workspace.Samples(5);
    private float[] _probabilities = [];

    public double Items => SileroVad.Steps(_samples.Length);

    public ReadOnlySpan<float> Result => _probabilities;

    public void Run() => _probabilities = _network.Probabilities(_samples);

    public void Dispose()
    {
    }
}
