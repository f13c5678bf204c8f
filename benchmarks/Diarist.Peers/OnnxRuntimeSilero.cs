namespace Diarist.Peers;

/// <summary>Silero's network in ONNX Runtime, a step of 32 ms at a time over a recording, as its upstream runs it.</summary>
internal sealed class OnnxRuntimeSilero : IWorkload
{
    private const int StepSamples = 512;
    private const int ContextSamples = 64;
    private const int StateValues = 2 * 128;

    private readonly float[] _samples;
    private readonly float[] _probabilities;
    private readonly OnnxSession _session;
    private readonly PinnedArray<float> _input = new(ContextSamples + StepSamples);
    private readonly PinnedArray<float> _state = new(StateValues);

    public OnnxRuntimeSilero(Workspace workspace)
    {
        _samples = workspace.Samples(5);
        _probabilities = new float[_samples.Length / StepSamples];
        _session = new OnnxSession(new OnnxRuntime(workspace.OnnxRuntimeLibrary), workspace.SileroForOnnxRuntime, threads: 1);
        _session.Bind(0, _input, 1, _input.Span.Length);
        _session.Bind(1, _state, 2, 1, 128);
        _session.Bind(2, new PinnedArray<long>([16_000]));
    }

    public double Items => _probabilities.Length;

    public ReadOnlySpan<float> Result => _probabilities;

    public void Run()
    {
        _input.Span.Clear();
        _state.Span.Clear();
        for (int step = 0; step < _probabilities.Length; step++)
        {
            _input.Span[^ContextSamples..].CopyTo(_input.Span);
            _samples.AsSpan(step * StepSamples, StepSamples).CopyTo(_input.Span[ContextSamples..]);
            _session.Run();
            _session.Output(1, StateValues).CopyTo(_state.Span);
            _probabilities[step] = _session.Output(0, 1)[0];
        }
    }

    public void Dispose() => _session.Dispose();
}
