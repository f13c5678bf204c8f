using Diarist.Inference.Kernels;

namespace Diarist.Networks.Pyannote;

/// <summary>
/// The front end of PyanNet, from the waveform to 60 values every 270 samples:
/// <code>
/// norm → |sinc conv 1→80, 251 taps, stride 10| → max-pool 3 → norm → leaky    (samples − 251)/10 + 1 → /3
///      → conv 80→60, 5 taps → max-pool 3 → norm → leaky                       −4 → /3
///      → conv 60→60, 5 taps → max-pool 3 → norm → leaky                       −4 → /3
/// </code>
/// Activations are (time, channels) with channels padded to 80, 64, 64. The sinc convolution is a matrix product over
/// overlapping rows; the other two are <see cref="PooledConvolution"/>s.
/// </summary>
/// <remarks>
/// The normalization of the waveform is affine and the sinc convolution linear:
/// conv(scale·x + shift) = scale·conv(x) + shift·Σw. The convolution of the raw audio is therefore the same for all windows
/// that contain a sample, and is computed once where windows overlap on its stride.
/// </remarks>
internal sealed unsafe class SincNet
{
    /// <summary>Values per frame of the result: 60 channels and 4 zeros.</summary>
    public const int Outputs = 64;

    /// <summary>Samples between frames of the sinc convolution.</summary>
    public const int Stride = 10;

    private const int Wide = SincFilters.Count;

    /// <summary>Frames of the sinc convolution that are pooled at a time, a multiple of 3.</summary>
    private const int BlockFrames = 192;

    /// <summary>Frames of the sinc convolution that are in memory at once, where one window has fewer: 30 s, 15 MB.</summary>
    private const int MostFrames = 48_000;

    private readonly PackedMatrix _sinc;
    private readonly AlignedBuffer _filterSums = AlignedBuffer.Allocate(Wide);
    private readonly PooledConvolution[] _convolutions;
    private readonly NormWeights _waveformNorm;
    private readonly NormWeights[] _norms;

    /// <summary>Packs the weights for the tiles of a lane width.</summary>
    public SincNet(PyanNetWeights weights, LaneWidth? width = null)
    {
        _waveformNorm = weights.WaveformNorm;
        _norms = weights.Norms;
        float[] filters = weights.Filters;
        _sinc = new PackedMatrix(filters, PackedMatrix.Places(SincFilters.Taps, 1), PackedMatrix.Places(Wide, SincFilters.Taps), default, width);
        for (int filter = 0; filter < Wide; filter++)
        {
            double sum = 0;
            foreach (float tap in filters.AsSpan(filter * SincFilters.Taps, SincFilters.Taps))
            {
                sum += tap;
            }

            _filterSums.Span[filter] = (float)sum;
        }

        _convolutions =
        [
            new PooledConvolution(weights.Convolutions[0].Weight, weights.Convolutions[0].Bias, Wide, Outputs, width),
            new PooledConvolution(weights.Convolutions[1].Weight, weights.Convolutions[1].Bias, Outputs, Outputs, width),
        ];
    }

    /// <summary>Frames of the result for a window of so many samples: 589 for 10 s, 293 for 5 s.</summary>
    public static int Frames(int samples) => (((((((samples - SincFilters.Taps) / Stride) + 1) / 3) - PooledConvolution.Taps + 1) / 3) - PooledConvolution.Taps + 1) / 3;

    /// <summary>Computes the front end of several windows.</summary>
    /// <param name="samples">All samples of the windows.</param>
    /// <param name="windows">Windows.</param>
    /// <param name="step">Samples from one window to the next.</param>
    /// <param name="windowSamples">Samples of a window.</param>
    /// <param name="output">(frames, windows, <see cref="Outputs"/>).</param>
    /// <param name="cancellation">Looked at several times in each window.</param>
    public void Run(ReadOnlySpan<float> samples, int windows, int step, int windowSamples, float* output, CancellationToken cancellation)
    {
        int frames = ((windowSamples - SincFilters.Taps) / Stride) + 1;
        bool shared = step % Stride == 0 && step / Stride < frames;
        int hop = shared ? step / Stride : 0;
        int most = Math.Min(((windows - 1) * hop) + frames, Math.Max(MostFrames, frames + hop));
        using AlignedBuffer raw = AlignedBuffer.Rent(most * Wide);
        using AlignedBuffer pooled = AlignedBuffer.Rent(frames / 3 * Wide);
        int origin = 0, ready = 0;
        fixed (float* audio = samples)
        {
            for (int window = 0; window < windows; window++)
            {
                float* x = audio + ((nint)window * step);
                int first = window * hop;
                ready = shared ? ready : 0;
                if (first + frames - origin > most)
                {
                    raw.Span[((first - origin) * Wide)..((ready - origin) * Wide)].CopyTo(raw.Span);
                    origin = first;
                }

                float* rows = raw.Pointer - ((nint)origin * Wide);
                Filter(shared ? audio : x, rows, ready, first + frames, cancellation);
                ready = first + frames;
                (float scale, float shift) = WaveformAffine(new ReadOnlySpan<float>(x, windowSamples));
                Window(rows + ((nint)first * Wide), frames, scale, shift, pooled.Pointer, output + (window * Outputs), windows * Outputs, cancellation);
            }
        }
    }

    /// <summary>As <see cref="PyanNet.RunKernels"/>: pooling, normalization, and tiles of the numbers of rows that a window's frames are dealt out to.</summary>
    public static void RunKernels()
    {
        const int channels = 16, rows = 12, input = ((3 * rows) + PooledConvolution.Taps) * channels;
        LaneWidth width = LaneWidths.Widest;
        int columns = 3 * width.Lanes();
        float[] weights = new float[channels * channels * PooledConvolution.Taps], bias = new float[channels];
        using ChannelStatistics statistics = new(channels);
        using AlignedBuffer zeros = AlignedBuffer.Rent(input), results = AlignedBuffer.Rent(rows * columns);
        zeros.Span.Clear();
        width.Run(new MaxPoolThree<AffineMagnitude>(zeros.Pointer, 3 * channels, channels, 1, zeros.Pointer, results.Pointer, rows, statistics));
        statistics.Finish(bias, bias);
        width.Run(new ScaleAndLeak(zeros.Pointer, results.Pointer, channels, rows, statistics, Gemm.LeakyRelu));
        new PooledConvolution(weights, bias, channels, channels).Run(zeros.Pointer, rows, results.Pointer, statistics);

        // Panels of two vectors and of one.
        var matrix = new PackedMatrix(weights, PackedMatrix.Places(1, 1), PackedMatrix.Places(columns, 1));
        foreach (int count in (ReadOnlySpan<int>)[rows, 11, 7, 6])
        {
            Gemm.Multiply(new LeftMatrix(zeros.Pointer, count, 1, 1), matrix, results.Pointer, columns);
        }
    }

    /// <summary>The sinc convolution of frames [from, to) of the raw audio.</summary>
    private void Filter(float* audio, float* raw, int from, int to, CancellationToken cancellation)
    {
        const int chunk = 10 * BlockFrames;
        for (int frame = from; frame < to; frame += chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            LeftMatrix patches = new(audio + ((nint)frame * Stride), Math.Min(chunk, to - frame), SincFilters.Taps, Stride);
            Gemm.Multiply(patches, _sinc, raw + ((nint)frame * Wide), Wide);
        }
    }

    /// <summary>Everything after the sinc convolution, for one window.</summary>
    private void Window(float* raw, int frames, float scale, float shift, float* pooled, float* output, int outputStride, CancellationToken cancellation)
    {
        using ChannelStatistics wide = new(Wide), first = new(Outputs), second = new(Outputs);
        using AlignedBuffer shifts = AlignedBuffer.Rent(Wide);
        for (int filter = 0; filter < Wide; filter++)
        {
            shifts.Span[filter] = shift * _filterSums.Span[filter];
        }

        int count = frames / 3;
        const int block = BlockFrames / 3;
        for (int frame = 0; frame < count; frame += block)
        {
            MaxPoolThree<AffineMagnitude> pool = new(raw + ((nint)frame * 3 * Wide), 3 * Wide, Wide, scale, shifts.Pointer, pooled + ((nint)frame * Wide), Math.Min(block, count - frame), wide);
            _sinc.Width.Run(pool);
        }

        wide.Finish(_norms[0].Scale, _norms[0].Bias);
        using AlignedBuffer halfway = AlignedBuffer.Rent(count / 3 * Outputs);
        count = Convolve(_convolutions[0], pooled, count, wide, halfway.Pointer, first, cancellation);
        first.Finish(_norms[1].Scale, _norms[1].Bias);
        count = Convolve(_convolutions[1], halfway.Pointer, count, first, pooled, second, cancellation);
        second.Finish(_norms[2].Scale, _norms[2].Bias);
        _sinc.Width.Run(new ScaleAndLeak(pooled, output, outputStride, count, second, Gemm.LeakyRelu));
    }

    /// <summary>norm → leaky → convolution → max-pool, block by block, so that nothing between the two poolings leaves the caches. Returns the frames made.</summary>
    private int Convolve(
        PooledConvolution convolution, float* input, int frames, ChannelStatistics norm, float* output, ChannelStatistics statistics, CancellationToken cancellation)
    {
        const int block = PooledConvolution.BlockFrames, edge = PooledConvolution.Taps - 1;
        int channels = norm.Channels, count = (frames - edge) / 3;
        using AlignedBuffer activated = AlignedBuffer.Rent(((3 * block) + edge) * channels);
        for (int done = 0; done < count; done += block)
        {
            cancellation.ThrowIfCancellationRequested();
            int now = Math.Min(block, count - done);
            _sinc.Width.Run(new ScaleAndLeak(input + ((nint)done * 3 * channels), activated.Pointer, channels, (3 * now) + edge, norm, Gemm.LeakyRelu));
            convolution.Run(activated.Pointer, now, output + ((nint)done * Outputs), statistics);
        }

        return count;
    }

    /// <summary>Scale and shift of the waveform's instance normalization, summed in double by four running sums, in an order that no lane width changes.</summary>
    private (float Scale, float Shift) WaveformAffine(ReadOnlySpan<float> x)
    {
        const int ways = 4;
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, q0 = 0, q1 = 0, q2 = 0, q3 = 0;
        int i = 0;
        for (; i + ways <= x.Length; i += ways)
        {
            double a = x[i], b = x[i + 1], c = x[i + 2], d = x[i + 3];
            s0 += a;
            s1 += b;
            s2 += c;
            s3 += d;
            q0 += a * a;
            q1 += b * b;
            q2 += c * c;
            q3 += d * d;
        }

        for (; i < x.Length; i++)
        {
            s0 += x[i];
            q0 += (double)x[i] * x[i];
        }

        double mean = (s0 + s1 + s2 + s3) / x.Length;
        double variance = Math.Max(0, ((q0 + q1 + q2 + q3) / x.Length) - (mean * mean));
        double scale = _waveformNorm.Scale[0] / Math.Sqrt(variance + ChannelStatistics.Epsilon);
        return ((float)scale, (float)(_waveformNorm.Bias[0] - (mean * scale)));
    }
}
