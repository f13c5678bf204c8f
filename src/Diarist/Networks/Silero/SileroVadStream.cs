using Diarist.Inference.Kernels;

namespace Diarist.Networks.Silero;

/// <summary>
/// Silero VAD over audio that arrives in pieces of any length; the results are the same to the last bit as those for the
/// whole recording, as each step is computed alike alone and in a block. One stream belongs to one recording and one thread.
/// </summary>
internal sealed unsafe class SileroVadStream : IDisposable
{
    /// <summary>Steps computed at once: enough to use the weights well, few enough for the activations to stay in the caches.</summary>
    private const int BlockSteps = 96;

    private readonly SileroVad _network;
    private readonly AlignedBuffer _state = AlignedBuffer.Rent(2 * SileroDecoder.Hidden);
    private readonly AlignedBuffer _audio = AlignedBuffer.Rent(SileroVad.ContextSamples + (BlockSteps * SileroVad.StepSamples));
    private int _pending;

    /// <summary>Starts a recording.</summary>
    public SileroVadStream(SileroVad network)
    {
        _network = network;
        Reset();
    }

    /// <summary>Starts another recording: forgets the state, the context and unfinished steps.</summary>
    public void Reset()
    {
        _state.Span.Clear();
        _audio.Span[..SileroVad.ContextSamples].Clear();
        _pending = 0;
    }

    /// <summary>Steps that <see cref="Push"/> will finish when it gets so many samples.</summary>
    public int StepsAfter(int samples) => (_pending + samples) / SileroVad.StepSamples;

    /// <summary>Takes samples and computes the steps that they complete.</summary>
    /// <param name="samples">Mono audio at 16 kHz in [−1, 1].</param>
    /// <param name="probabilities">Filled with one value for each finished step; at least <see cref="StepsAfter"/> long.</param>
    /// <param name="cancellation">Looked at after each block of steps; a cancelled stream must be reset.</param>
    /// <returns>The number of finished steps.</returns>
    public int Push(ReadOnlySpan<float> samples, Span<float> probabilities, CancellationToken cancellation = default)
    {
        int finished = StepsAfter(samples.Length);
        if (probabilities.Length < finished)
        {
            throw new ArgumentException($"{finished} steps do not fit in {probabilities.Length} values.", nameof(probabilities));
        }

        for (int done = 0; done < finished || !samples.IsEmpty;)
        {
            cancellation.ThrowIfCancellationRequested();
            int taken = Math.Min(samples.Length, (BlockSteps * SileroVad.StepSamples) - _pending);
            samples[..taken].CopyTo(_audio.Span[(SileroVad.ContextSamples + _pending)..]);
            samples = samples[taken..];
            _pending += taken;
            int steps = _pending / SileroVad.StepSamples;
            Run(probabilities.Slice(done, steps));
            done += steps;
        }

        return finished;
    }

    /// <summary>Ends the recording: pads what is left over with zeros and computes its step.</summary>
    /// <param name="probabilities">Filled with the last step's value, if there is one.</param>
    /// <returns>1, or 0 when nothing was left over.</returns>
    public int Finish(Span<float> probabilities)
    {
        if (_pending == 0)
        {
            return 0;
        }

        _audio.Span.Slice(SileroVad.ContextSamples + _pending, SileroVad.StepSamples - _pending).Clear();
        _pending = SileroVad.StepSamples;
        Run(probabilities[..1]);
        return 1;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _state.Dispose();
        _audio.Dispose();
    }

    private void Run(Span<float> probabilities)
    {
        int steps = probabilities.Length;
        if (steps == 0)
        {
            return;
        }

        using AlignedBuffer features = AlignedBuffer.Rent(steps * SileroEncoder.Outputs);
        _network.Encoder.Run(_audio.Pointer, steps, features.Pointer);
        _network.Decoder.Run(features.Pointer, _state.Pointer, probabilities);

        // The end of the last step is the context of the next; what has not made a step yet follows it.
        int used = steps * SileroVad.StepSamples;
        _pending -= used;
        _audio.Span.Slice(used, SileroVad.ContextSamples + _pending).CopyTo(_audio.Span);
    }
}
