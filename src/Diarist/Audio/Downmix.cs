using System.Runtime.Intrinsics;
using System.Globalization;

namespace Diarist.Audio;

/// <summary>
/// Makes one channel of several by averaging. Where that would cancel what is there (one channel inverted, a balanced
/// line that was wired as stereo), the loudest channel is taken instead; that is decided for each block of about 0.1 s.
/// </summary>
/// <param name="channels">Channels of the recording, 2 or more.</param>
/// <param name="sampleRate">Frames per second.</param>
internal sealed class Downmix(int channels, int sampleRate)
{
    // Channels that have nothing to do with each other average to 1/channels of their mean power; below a fifth of
    // that (-7 dB) they cancel.
    private const double CancelledShare = 0.2;

    // Below this power (-80 dB of full scale) a block says nothing, and what held before goes on.
    private const double Audible = 1e-8;

    private const double SecondsWorthTelling = 0.5;
    private const double FadeSeconds = 0.005;

    private readonly double[] _sums = new double[channels];
    private readonly double[] _squares = new double[channels];
    private int? _instead;
    private long _frames;
    private long _cancelledFrames;
    private long _firstCancelled = -1;

    /// <summary>What the user should know, once everything has been averaged; <see langword="null"/> when nothing cancelled.</summary>
    public string? Warning => _cancelledFrames < SecondsWorthTelling * sampleRate ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"in {_cancelledFrames / (double)sampleRate:0.0} s of it (first at {_firstCancelled / (double)sampleRate:0.0} s) the channels cancel each other when averaged, as if one were inverted; there the loudest channel was taken");

    /// <summary>Averages one block.</summary>
    /// <param name="interleaved">Frames of samples; the same blocks give the same result, so callers cut at fixed places.</param>
    /// <param name="mono">One sample for each frame.</param>
    public void Mix(ReadOnlySpan<float> interleaved, Span<float> mono)
    {
        bool first = _frames == 0;
        int? before = _instead;
        Measure(interleaved, mono);
        int fade = first || before == _instead ? 0 : Math.Min(mono.Length, (int)(FadeSeconds * sampleRate));
        for (int i = 0; i < fade; i++)
        {
            ReadOnlySpan<float> frame = interleaved.Slice(i * channels, channels);
            float old = Of(frame, before);
            mono[i] = old + ((Of(frame, _instead) - old) * i / fade);
        }

        if (channels == 2 && _instead is null)
        {
            Average(interleaved[(2 * fade)..], mono[fade..]);
            return;
        }

        for (int i = fade; i < mono.Length; i++)
        {
            mono[i] = Of(interleaved.Slice(i * channels, channels), _instead);
        }
    }

    private static void Average(ReadOnlySpan<float> stereo, Span<float> mono)
    {
        for (int i = 0; i < mono.Length; i++)
        {
            mono[i] = (stereo[2 * i] + stereo[(2 * i) + 1]) / 2;
        }
    }

    private float Of(ReadOnlySpan<float> frame, int? channel)
    {
        if (channel is int index)
        {
            return frame[index];
        }

        float sum = 0;
        foreach (float sample in frame)
        {
            sum += sample;
        }

        return sum / channels;
    }

    private void Measure(ReadOnlySpan<float> interleaved, Span<float> mono)
    {
        Array.Clear(_sums);
        Array.Clear(_squares);
        int frames = mono.Length;
        (double meanSum, double meanSquares) = channels == 2 ? AddStereo(interleaved, frames) : Add(interleaved, frames);

        // Powers around the mean: a constant offset is no sound.
        double power = 0;
        int loudest = 0;
        for (int channel = 0; channel < channels; channel++)
        {
            _squares[channel] = (_squares[channel] - (_sums[channel] * _sums[channel] / frames)) / frames;
            power += _squares[channel] / channels;
            loudest = _squares[channel] > _squares[loudest] ? channel : loudest;
        }

        double mixed = (meanSquares - (meanSum * meanSum / frames)) / frames;
        if (power > Audible)
        {
            bool cancelled = mixed < CancelledShare * power / channels;

            // The channel stays while blocks go on to cancel: another one may be its inverse.
            _instead = cancelled ? _instead ?? loudest : null;
        }

        if (_instead is not null && power > Audible)
        {
            _firstCancelled = _firstCancelled < 0 ? _frames : _firstCancelled;
            _cancelledFrames += frames;
        }

        _frames += frames;
    }

    // Adds the samples of each channel and their squares up, and those of the average.
    private (double Sum, double Squares) Add(ReadOnlySpan<float> interleaved, int frames)
    {
        double meanSum = 0, meanSquares = 0;
        for (int i = 0; i < frames; i++)
        {
            double sum = 0;
            for (int channel = 0; channel < channels; channel++)
            {
                double sample = interleaved[(i * channels) + channel];
                sum += sample;
                _sums[channel] += sample;
                _squares[channel] += sample * sample;
            }

            sum /= channels;
            meanSum += sum;
            meanSquares += sum * sum;
        }

        return (meanSum, meanSquares);
    }

    // The same sums in the same order, in registers.
    private (double Sum, double Squares) AddStereo(ReadOnlySpan<float> interleaved, int frames)
    {
        // Two frames at once; the average follows from the channels' own sums and that of their products.
        Vector256<double> sums = default, squares = default, products = default;
        int pairs = frames & ~1;
        for (int i = 0; i < 2 * pairs; i += 4)
        {
            Vector256<double> samples = Vector256.WidenLower(Vector128.Create(interleaved[i..]).ToVector256Unsafe());
            sums += samples;
            squares += samples * samples;
            products += samples * Vector256.Shuffle(samples, Vector256.Create(1L, 0, 3, 2));
        }

        (double left, double right) = frames > pairs ? (interleaved[2 * pairs], interleaved[(2 * pairs) + 1]) : (0.0, 0.0);
        (_sums[0], _squares[0]) = (sums[0] + sums[2] + left, squares[0] + squares[2] + (left * left));
        (_sums[1], _squares[1]) = (sums[1] + sums[3] + right, squares[1] + squares[3] + (right * right));
        double both = products[0] + products[2] + (left * right);
        return ((_sums[0] + _sums[1]) / 2, (_squares[0] + _squares[1] + (2 * both)) / 4);
    }
}
