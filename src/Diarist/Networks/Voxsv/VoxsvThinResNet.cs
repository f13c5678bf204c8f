using System.Buffers;
using System.Numerics.Tensors;
using Diarist.Embedding;
using Diarist.Features;
using Diarist.Inference;
using Diarist.Segmentation;

namespace Diarist.Networks.Voxsv;

/// <summary>
/// The small embedder: the voxsv ThinResNet over windows of 1.295 s every half second, averaged for each local speaker.
/// </summary>
/// <remarks>
/// <para>A voxsv window weighs (share of its segmentation frames in the speaker's mask)⁴ (<see cref="VoxsvOptions"/>),
/// each scaled to length 1 before averaging. The length of the average is at most 1 and tells how well
/// the windows agree (<c>Clustering.VectorScatter</c> measures it). Because only the ratios of the weights count, a speaker who fills no
/// window still gets the average of those that show the most of him. Where a mask touches none of the windows (its frames lie
/// in the last fifth of a second), the window that ends with the 10 s window stands in.</para>
/// <para>Voxsv windows start at multiples of the hop from the start of each 10 s window; overlapping 10 s windows share those
/// that coincide (all, when their step is a multiple of the hop), and what no speaker uses is never computed.</para>
/// </remarks>
internal sealed class VoxsvThinResNet : ISpeakerEmbedder
{
    /// <summary>Samples of a voxsv window.</summary>
    public const int WindowSamples = 20_720;

    private const int Frames = 127;
    private const float ClampedTo = 6.8f;

    /// <summary>
    /// Logarithms farther than this (50 dB) below a window's loudest are raised to there. Outside a telephone's band lies only coding
    /// noise, which the removal of each filter's mean would otherwise blow up to the size of speech.
    /// </summary>
    private const float DynamicRange = 11.5f;

    /// <summary>Where the stand-in starts: the last multiple of the spectrogram's hop from which a voxsv window fits.</summary>
    private const int LastStart = (SlidingWindow.WindowSamples - WindowSamples) / LogMelSpectrogram.Hop * LogMelSpectrogram.Hop;

    private readonly VoxsvNetwork _network;
    private readonly LogMelSpectrogram _spectrogram = new();
    private readonly VoxsvOptions _options;
    private readonly int[] _starts;
    private readonly Range[] _frames;

    /// <summary>Creates the embedder from its weights.</summary>
    /// <exception cref="PackException">The weights are of another network.</exception>
    public VoxsvThinResNet(Weights weights, VoxsvOptions? options = null)
    {
        _network = new VoxsvNetwork(weights);
        _options = options ?? new VoxsvOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.HopSamples, 1, nameof(options));
        _starts = [.. Enumerable.Range(0, 1 + ((SlidingWindow.WindowSamples - WindowSamples) / _options.HopSamples)).Select(i => i * _options.HopSamples)];
        _frames = [.. _starts.Select(start => FirstFrameFrom(start)..FirstFrameFrom(start + WindowSamples))];
    }

    public string Name => "voxsv";

    public int Dimension => VoxsvNetwork.Dimension;

    public int MinimumSamples => _options.MinimumSamples;

    /// <summary>Loads the pack's safetensors file.</summary>
    /// <exception cref="PackException">The file is missing, damaged or of another network.</exception>
    public static VoxsvThinResNet Load(string path, VoxsvOptions? options = null) => new(SafeTensors.Read(path), options);

    public void Embed(WindowedAudio audio, ReadOnlySpan<byte> masks, Span<float> embeddings, CancellationToken cancellationToken)
    {
        const int speakers = SlidingWindow.LocalSpeakers;
        masks = masks[..(audio.Windows * SlidingWindow.FramesPerWindow)];
        embeddings = embeddings[..(audio.Windows * speakers * Dimension)];
        using var vectors = new SharedVectors(this, audio, cancellationToken);
        Span<double> sum = stackalloc double[VoxsvNetwork.Dimension];
        for (int window = 0; window < audio.Windows; window++)
        {
            ReadOnlySpan<byte> mask = masks.Slice(window * SlidingWindow.FramesPerWindow, SlidingWindow.FramesPerWindow);
            for (int speaker = 0; speaker < speakers; speaker++)
            {
                Span<float> embedding = embeddings.Slice(((window * speakers) + speaker) * Dimension, Dimension);
                embedding.Fill(float.NaN);
                if (CountFrames(mask, speaker) > 0)
                {
                    double weight = Average(vectors, window * audio.Step, mask, speaker, sum);
                    Divide(sum, weight, embedding);
                }
            }
        }
    }

    /// <summary>Sums the weighted unit vectors.</summary>
    /// <returns>The sum of their weights.</returns>
    private double Average(SharedVectors vectors, int windowStart, ReadOnlySpan<byte> mask, int speaker, Span<double> sum)
    {
        sum.Clear();
        double total = 0;
        for (int i = 0; i < _starts.Length; i++)
        {
            ReadOnlySpan<byte> frames = mask[_frames[i]];
            int active = CountFrames(frames, speaker);
            if (active > 0)
            {
                double weight = Math.Pow(active / (double)frames.Length, _options.ShareExponent);
                Add(vectors.At(windowStart + _starts[i]), weight, sum);
                total += weight;
            }
        }

        if (total == 0)
        {
            Add(vectors.At(windowStart + LastStart), 1, sum);
            total = 1;
        }

        return total;
    }

    private static void Add(ReadOnlySpan<sbyte> vector, double weight, Span<double> sum)
    {
        double squares = 0;
        foreach (sbyte value in vector)
        {
            squares += value * value;
        }

        weight /= Math.Sqrt(Math.Max(squares, 1));
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += weight * vector[i];
        }
    }

    /// <summary>Makes the sum a mean; a zero vector, which has no direction, stays NaN.</summary>
    private static void Divide(ReadOnlySpan<double> sum, double weight, Span<float> embedding)
    {
        for (int i = 0; sum.IndexOfAnyExcept(0) >= 0 && i < sum.Length; i++)
        {
            embedding[i] = (float)(sum[i] / weight);
        }
    }

    private static int CountFrames(ReadOnlySpan<byte> mask, int speaker)
    {
        int count = 0;
        foreach (byte frame in mask)
        {
            count += frame >> speaker & 1;
        }

        return count;
    }

    /// <summary>The first segmentation frame whose centre is not before a sample.</summary>
    private static int FirstFrameFrom(int sample)
    {
        const int centre = SlidingWindow.ReceptiveFieldSamples / 2;
        int frame = (sample - centre + SlidingWindow.FrameStepSamples - 1) / SlidingWindow.FrameStepSamples;
        return Math.Clamp(frame, 0, SlidingWindow.FramesPerWindow);
    }

    /// <summary>Makes the network's input, shape (80, 128), of 127 frames of 80 logarithms: one frame of zeros is appended, each filter's mean removed.</summary>
    internal static void Quantize(ReadOnlySpan<float> logMel, Span<sbyte> input)
    {
        float least = TensorPrimitives.Max(logMel[..(Frames * LogMelSpectrogram.Filters)]) - DynamicRange;
        for (int filter = 0; filter < VoxsvNetwork.Height; filter++)
        {
            double sum = 0;
            for (int frame = 0; frame < Frames; frame++)
            {
                sum += MathF.Max(logMel[(frame * LogMelSpectrogram.Filters) + filter], least);
            }

            float mean = (float)(sum / VoxsvNetwork.Width);
            Span<sbyte> row = input.Slice(filter * VoxsvNetwork.Width, VoxsvNetwork.Width);
            for (int frame = 0; frame < VoxsvNetwork.Width; frame++)
            {
                float value = frame < Frames ? MathF.Max(logMel[(frame * LogMelSpectrogram.Filters) + filter], least) : 0;
                row[frame] = (sbyte)MathF.Round(Math.Clamp(value - mean, -ClampedTo, ClampedTo) * (sbyte.MaxValue / ClampedTo));
            }
        }
    }

    /// <summary>The vectors of one stretch of audio, each computed when first asked for.</summary>
    private sealed class SharedVectors : IDisposable
    {
        private readonly VoxsvThinResNet _owner;
        private readonly WindowedAudio _audio;
        private readonly CancellationToken _cancellation;
        private readonly Dictionary<int, sbyte[]> _vectors = [];
        private readonly float[] _logMel;
        private readonly bool _sharesFrames;
        private readonly int _samples;
        private readonly sbyte[] _input = new sbyte[VoxsvNetwork.Height * VoxsvNetwork.Width];

        public SharedVectors(VoxsvThinResNet owner, WindowedAudio audio, CancellationToken cancellation)
        {
            (_owner, _audio, _cancellation) = (owner, audio, cancellation);

            // Frames are the same for all windows when every window starts on a frame.
            _sharesFrames = audio.Step % LogMelSpectrogram.Hop == 0 && owner._options.HopSamples % LogMelSpectrogram.Hop == 0;
            _samples = _sharesFrames ? ((audio.Windows - 1) * audio.Step) + SlidingWindow.WindowSamples : WindowSamples;
            _logMel = ArrayPool<float>.Shared.Rent(LogMelSpectrogram.FrameCount(_samples) * LogMelSpectrogram.Filters);
        }

        /// <summary>The vector of the window that starts at a sample of the stretch.</summary>
        public sbyte[] At(int start)
        {
            if (_vectors.TryGetValue(start, out sbyte[]? vector))
            {
                return vector;
            }

            _cancellation.ThrowIfCancellationRequested();
            if (!_sharesFrames || _vectors.Count == 0)
            {
                _owner._spectrogram.Compute(_audio.Samples.Span.Slice(_sharesFrames ? 0 : start, _samples), _logMel);
            }

            int firstFrame = _sharesFrames ? start / LogMelSpectrogram.Hop : 0;

            Quantize(_logMel.AsSpan(firstFrame * LogMelSpectrogram.Filters, Frames * LogMelSpectrogram.Filters), _input);
            vector = new sbyte[VoxsvNetwork.Dimension];
            _owner._network.Run(_input, vector);
            _vectors.Add(start, vector);
            return vector;
        }

        public void Dispose() => ArrayPool<float>.Shared.Return(_logMel);
    }
}
