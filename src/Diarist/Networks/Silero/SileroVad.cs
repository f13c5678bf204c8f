using Diarist.Inference;
using Diarist.Inference.Kernels;

namespace Diarist.Networks.Silero;

/// <summary>
/// Silero VAD v6 for 16 kHz: the probability of speech for every 512 samples (32 ms). A step sees those samples and
/// 64 before them; an LSTM cell carries its state from step to step.
/// </summary>
/// <remarks>Source: the network published as silero-vad v6, weights in safetensors; a loaded network may be used on several threads at once.</remarks>
internal sealed class SileroVad
{
    /// <summary>Samples of a step.</summary>
    public const int StepSamples = 512;

    /// <summary>Samples before a step that it also sees.</summary>
    public const int ContextSamples = 64;

    private SileroVad(Weights weights, LaneWidth? width)
    {
        Encoder = new SileroEncoder(weights, width);
        Decoder = new SileroDecoder(weights, width);
    }

    /// <summary>From samples to 128 features a step, for many steps at once.</summary>
    internal SileroEncoder Encoder { get; }

    /// <summary>From features to probabilities, step after step.</summary>
    internal SileroDecoder Decoder { get; }

    /// <summary>Reads the network from its safetensors file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PackException">The file is missing, damaged, or of another network.</exception>
    public static SileroVad Load(string path) => Load(path, null);

    /// <summary>Reads the network, to run in a given lane width.</summary>
    internal static SileroVad Load(string path, LaneWidth? width) => new(SafeTensors.Read(path), width);

    /// <summary>Makes the network of the tensors of its safetensors file.</summary>
    /// <exception cref="PackException">They are of another network.</exception>
    internal static SileroVad Load(Weights weights, LaneWidth? width = null) => new(weights, width);

    /// <summary>The steps of a recording: every full one, and one more that is padded with zeros when samples are left over.</summary>
    public static int Steps(long samples) => checked((int)((samples + StepSamples - 1) / StepSamples));

    /// <summary>The probability of speech in every step of a recording.</summary>
    /// <param name="samples">Mono audio at 16 kHz in [−1, 1].</param>
    /// <param name="cancellation">Stops the call within some milliseconds.</param>
    /// <returns><see cref="Steps"/> values in [0, 1].</returns>
    public float[] Probabilities(ReadOnlySpan<float> samples, CancellationToken cancellation = default)
    {
        float[] probabilities = new float[Steps(samples.Length)];
        using SileroVadStream stream = new(this);
        int steps = stream.Push(samples, probabilities, cancellation);
        stream.Finish(probabilities.AsSpan(steps));
        return probabilities;
    }
}
