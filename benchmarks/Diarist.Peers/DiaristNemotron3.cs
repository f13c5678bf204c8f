using Diarist.Inference.Kernels;
using Diarist.Networks.Nemotron3;

namespace Diarist.Peers;

/// <summary>A step of the Nemotron 3 encoder and its head here, once cache and FIFO are full.</summary>
internal sealed class DiaristNemotron3 : IWorkload
{
    private readonly Nemotron3Profile _profile;
    private readonly int _threads;
    private readonly INemotron3Encoder _encoder;
    private readonly float[] _input;
    private readonly float[] _logits;

    public DiaristNemotron3(Workspace workspace, Nemotron3Profile profile, int threads, bool integers)
    {
        (_profile, _threads) = (profile, threads);
        _encoder = Nemotron3Network.Encoder(integers ? new Nemotron3Gguf(workspace.Nemotron3Gguf, Q8Arithmetic.Fastest) : new SeededNemotron3(), LaneWidths.Widest);
        _input = SeededNemotron3.Input(profile);
        _logits = new float[profile.Chunk * Nemotron3Configuration.RowsPerFrame * Nemotron3Configuration.Speakers];
    }

    /// <summary>Seconds of audio: the inverse of what comes out is × real time.</summary>
    public double Items => _profile.Chunk * Nemotron3Profile.FrameDuration;

    public ReadOnlySpan<float> Result => _logits;

    public void Run() => _encoder.Run(_input, SeededNemotron3.Frames(_profile), SeededNemotron3.FirstWanted(_profile), _logits, _threads);

    public void Dispose()
    {
    }
}
