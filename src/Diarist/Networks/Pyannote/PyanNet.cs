using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Segmentation;

namespace Diarist.Networks.Pyannote;

/// <summary>
/// pyannote's segmentation-3.0: who of three local speakers is active, every 270 samples of a window.
/// <see cref="SincNet"/> → four bidirectional <see cref="LstmStack">LSTM layers</see> → <see cref="PowersetHead"/>.
/// A call runs on the thread that makes it, keeps nothing between calls and may run on several threads at once.
/// A window's result does not depend on the windows computed with it.
/// </summary>
/// <remarks>Source: Plaquet and Bredin, "Powerset multi-class cross entropy loss for neural speaker diarization", Interspeech 2023.</remarks>
internal sealed unsafe class PyanNet
{
    private readonly SincNet _front;
    private readonly LstmStack _lstm;
    private readonly PowersetHead _head;

    /// <summary>Prepares the network for the tiles of a lane width, the widest by default.</summary>
    public PyanNet(PyanNetWeights weights, LaneWidth? width = null)
    {
        _front = new SincNet(weights, width);
        _lstm = new LstmStack(weights.Lstms, width);
        _head = new PowersetHead(weights.Linears, width);
    }

    /// <summary>Reads the network from its ONNX file.</summary>
    /// <exception cref="PackException">The file is missing, damaged, or of another network.</exception>
    public static PyanNet Load(string path) => new(PyanNetWeights.Read(OnnxFile.Read(path)));

    /// <summary>Makes the network of tensors under the names of models/README.md.</summary>
    /// <exception cref="PackException">They are of another network.</exception>
    public static PyanNet Load(Weights weights) => new(PyanNetWeights.Read(weights));

    /// <summary>Computes the log-probabilities of the powerset classes. Batches of 8 and more windows are fastest.</summary>
    /// <param name="audio">The windows; where their step is a multiple of 10 samples, what they share is computed once.</param>
    /// <param name="logProbabilities">Filled with (windows, 589, 7), natural logarithms.</param>
    /// <param name="cancellation">Stops the call within some tens of milliseconds.</param>
    /// <exception cref="ArgumentException"><paramref name="logProbabilities"/> has another length.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public void LogProbabilities(WindowedAudio audio, Span<float> logProbabilities, CancellationToken cancellation = default) =>
        LogProbabilities(audio.Samples.Span, audio.Windows, audio.Step, SlidingWindow.WindowSamples, logProbabilities, cancellation);

    /// <summary>Computes the log-probabilities for windows of any length from 1 000 samples, (windows, <see cref="SincNet.Frames"/>, 7).</summary>
    public void LogProbabilities(
        ReadOnlySpan<float> samples, int windows, int step, int windowSamples, Span<float> logProbabilities, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windowSamples, 1000);
        int frames = SincNet.Frames(windowSamples);
        if (logProbabilities.Length != windows * frames * Powerset.Classes)
        {
            throw new ArgumentException($"{windows} windows of {frames} frames need {windows * frames * Powerset.Classes} values, not {logProbabilities.Length}.", nameof(logProbabilities));
        }

        if (samples.Length < ((long)(windows - 1) * step) + windowSamples)
        {
            throw new ArgumentException($"{samples.Length} samples are too few for {windows} windows.", nameof(samples));
        }

        // The second LSTM layer overwrites the front end's result, which nobody needs any more. What the LSTM needs besides takes the place of what the front end needed.
        using AlignedBuffer sequence = AlignedBuffer.Rent(frames * windows * LstmStack.Outputs);
        _front.Run(samples, windows, step, windowSamples, sequence.Pointer, cancellation);
        using AlignedBuffer spare = AlignedBuffer.Rent(frames * windows * LstmStack.Outputs);
        _lstm.Run(sequence.Pointer, frames, windows, spare.Pointer, sequence.Pointer, cancellation);
        _head.Run(sequence.Pointer, frames, windows, logProbabilities, cancellation);
    }

    /// <summary>
    /// Runs each kernel once on zeros, as one window of ten seconds needs it, so that it is compiled. It needs no weights, so it may be done while they are loaded.
    /// </summary>
    public static void RunKernels()
    {
        SincNet.RunKernels();
        LstmStack.RunKernels();
    }
}
