using Diarist.Numerics;

namespace Diarist.Audio;

/// <summary>
/// One way to read the samples of a file, and how much the result is like sound: sound is smooth, and the levels of neighbours
/// are near each other. Codes of 8 bits are compared by their rank among all levels, so that each coding has the same scale.
/// </summary>
internal sealed class SampleReading
{
    // Floats of sound lie within full scale (2⁰, exponent 127) and above 2⁻⁴⁰; some that are stated as such are scaled as integers.
    private const double SmallestFloat = 1.0 / (1L << 40);
    private const double LargestFloat = 2;
    private const double LargestUnscaled = 1L << 33;

    private const uint SignBit = 0x80000000;
    private const uint NotANumber = 0x7FC00000;

    // Fewer say nothing: what comes before the sound is zero in all codings.
    private const int FewestSamples = 64;
    private const double PlausibleShare = 0.99;

    // Neighbours differ as much at even places as at odd ones. Where samples are taken for smaller or larger ones, they need not.
    private const double Even = 1.25;

    // Sound has both signs.
    private const double LeastOfEachSign = 0.02;

    // The upper halves of 64-bit floats, read as floats of 32 bits, are all between 2⁻⁵ and 2.
    private const double SmallestUpperHalf = 1.0 / 32;
    private const double LeastSmaller = 0.1;

    // The lower half of a larger sample is noise of all values; 1/12 is the variance of that.
    private const double LeastVariance = 0.7 / 12;
    private const double LeastRoughness = 1.2;

    // Of full scale; the upper part of small integers is their sign.
    private const double LeastDeviation = 64.0 / 32768;
    private const double LeastDeviationOfLarge = 4.0 / 32768;

    private readonly PcmDecoder _decode;
    private readonly double _largest;
    private readonly WavFormat _stated;
    private readonly double[] _steps = new double[2];
    private Moments[] _channels = [];
    private Moments _low;
    private double _peak = 1;
    private long _sounding;
    private long _plausible;
    private long _positive;
    private long _small;

    /// <summary>A reading of frames that a header states otherwise, or the stated one.</summary>
    /// <param name="format">The reading.</param>
    /// <param name="stated">What the header states.</param>
    public SampleReading(WavFormat format, WavFormat stated)
    {
        Format = format;
        _decode = format.SampleBytes == 1 ? RanksOf(format) : PcmLayout.Of(format).Decode;
        _largest = format == stated ? LargestUnscaled : LargestFloat;
        _stated = stated;
    }

    /// <summary>How samples lie in this reading.</summary>
    public WavFormat Format { get; }

    public bool IsFloat => Format.Coding == WavCoding.Float;

    /// <summary>The mean difference of neighbours, with full scale (or the peak of floats beyond it) as 1.</summary>
    public double Step => Mean(_channels, moments => moments.MeanStep) / _peak;

    /// <summary>The mean square of differences beside the variance: 2 for white noise, below 1 for speech; NaN where nothing varies.</summary>
    public double Roughness => Mean(_channels, moments => moments.MeanSquareStep) / Mean(_channels, moments => moments.Variance);

    /// <summary>The roughness of the roughest channel of those that vary.</summary>
    public double LargestRoughness
    {
        get
        {
            double largest = double.NaN;
            foreach (Moments moments in _channels)
            {
                double roughness = moments.MeanSquareStep / moments.Variance;
                largest = moments.Variance > 0 && !(roughness <= largest) ? roughness : largest;
            }

            return largest;
        }
    }

    /// <summary>Whether each channel is sound of its own, which the lower parts of larger samples are not.</summary>
    public bool AreChannelsSmooth(double roughness) => LargestRoughness < roughness && _channels.All(moments => moments.Variance > LeastDeviation * LeastDeviation);

    /// <summary>Whether floats are small as often as those of sound, which the upper halves of larger floats are not.</summary>
    public bool AreOftenSmall => _small >= LeastSmaller * _sounding;

    /// <summary>Whether nearly all floats that are not zero have the size of sound; <see langword="null"/> where too few are there.</summary>
    public bool? ArePlausibleFloats => !IsFloat || _sounding < FewestSamples ? null : _plausible >= PlausibleShare * _sounding;

    /// <summary>Whether all values are as likely, each after each, which is so of compressed data and not of sound.</summary>
    public bool IsNoiseOfAllValues => Math.Abs(Roughness - 2) < 0.1 && _channels.All(moments => Math.Abs(moments.Variance - (1.0 / 3)) < 0.03);

    /// <summary>Whether the values are those of sound that was written with samples of this size.</summary>
    public bool MayBeSound
    {
        get
        {
            // The lower bytes of coarse samples may follow the sign of the upper ones; in the other order they are very quiet.
            if (Format.SampleBytes == _stated.SampleBytes)
            {
                return HasBothSigns && (IsFloat || Format.SampleBytes < 3 || _channels.Any(moments => moments.Variance > LeastDeviationOfLarge * LeastDeviationOfLarge));
            }

            bool isEven = _steps[0] < Even * _steps[1] && _steps[1] < Even * _steps[0];
            return HasBothSigns && isEven && (Format.SampleBytes < _stated.SampleBytes ? !IsFloat || AreOftenSmall : IsFloat || _stated.SampleBytes == 1 || _stated.Channels == 1 || HasLowParts);
        }
    }

    private bool HasBothSigns => _positive >= LeastOfEachSign * _sounding && _positive <= (1 - LeastOfEachSign) * _sounding;

    private bool HasLowParts => _low.Variance >= LeastVariance && _low.MeanSquareStep / _low.Variance >= LeastRoughness;

    /// <summary>Takes in a run of whole frames.</summary>
    /// <param name="bytes">The frames.</param>
    /// <param name="room">Room for as many samples as there are bytes.</param>
    public void Add(ReadOnlySpan<byte> bytes, Span<float> room)
    {
        // Not before: a few bytes may state 65 535 channels.
        _channels = _channels.Length == 0 ? new Moments[Format.Channels] : _channels;
        Span<float> samples = room[..(bytes.Length / Format.SampleBytes / Format.Channels * Format.Channels)];
        _decode(bytes, samples);
        for (int i = 0; i < samples.Length; i++)
        {
            if (IsFloat && (BitConverter.SingleToUInt32Bits(samples[i]) & ~SignBit) == NotANumber)
            {
                // What programs write for a division by zero; the decoder refuses it with its place. Other samples taken for floats hardly ever give these bits.
                samples[i] = 0;
            }

            double value = samples[i];
            double magnitude = Math.Abs(value);
            if (value != 0)
            {
                bool plausible = magnitude >= SmallestFloat && magnitude < _largest;
                _sounding++;
                _plausible += plausible ? 1 : 0;
                _positive += value > 0 ? 1 : 0;
                _small += magnitude < SmallestUpperHalf ? 1 : 0;
                if (IsFloat && !plausible)
                {
                    (samples[i], value, magnitude) = (0, 0, 0);
                }
            }

            _peak = Math.Max(_peak, magnitude);
            double? step = i >= Format.Channels ? value - samples[i - Format.Channels] : null;
            _channels[i % Format.Channels].Add(value, step);
            _steps[i / Format.Channels % 2] += Math.Abs(step ?? 0);
        }

        if (!IsFloat && Format.SampleBytes > _stated.SampleBytes)
        {
            AddLowParts(bytes, samples.Length);
        }
    }

    private static double Mean(Moments[] channels, Func<Moments, double> of) => Arrays.Sum(Arrays.Map<Moments, double>(channels, of)) / channels.Length;

    private void AddLowParts(ReadOnlySpan<byte> bytes, int samples)
    {
        double? last = null;
        for (int i = 0; i < samples; i++)
        {
            int at = i * Format.SampleBytes;
            double low = bytes[Format.IsHighFirst ? at + Format.SampleBytes - _stated.SampleBytes : at + _stated.SampleBytes - 1] / 256.0;
            _low.Add(low, low - last);
            last = low;
        }
    }

    // Codes of a companding law in the order of their levels, as far apart as those of plain integers.
    private static PcmDecoder RanksOf(WavFormat format)
    {
        var ranks = new float[256];
        for (int code = 0; code < ranks.Length; code++)
        {
            int bits = format.Coding == WavCoding.ALaw ? code ^ 0x55 : ~code & 0xFF;
            bool isPositive = (bits & 0x80) != 0 == (format.Coding == WavCoding.ALaw);
            int rank = format.Coding == WavCoding.Integer
                ? format.IsSignedByte ? (sbyte)code : code - 128
                : isPositive ? bits & 0x7F : -1 - (bits & 0x7F);
            ranks[code] = rank / 128f;
        }

        return (bytes, samples) =>
        {
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = ranks[bytes[i]];
            }
        };
    }

    private struct Moments
    {
        private long _count;
        private long _pairs;
        private double _sum;
        private double _squares;
        private double _steps;
        private double _stepSquares;

        public readonly double MeanStep => _steps / _pairs;

        public readonly double MeanSquareStep => _stepSquares / _pairs;

        public readonly double Variance => (_squares / _count) - (_sum / _count * (_sum / _count));

        public void Add(double value, double? step)
        {
            _count++;
            _sum += value;
            _squares += value * value;
            if (step is double difference)
            {
                _pairs++;
                _steps += Math.Abs(difference);
                _stepSquares += difference * difference;
            }
        }
    }
}
