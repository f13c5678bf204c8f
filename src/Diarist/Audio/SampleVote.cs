using System.Runtime.InteropServices;

namespace Diarist.Audio;

/// <summary>
/// How samples lie, by themselves: headers say 8-bit integers over µ-law, integers over floats, the wrong order of bytes,
/// stereo of 8 bits over mono of 16. The header is overruled only where its reading is worse in two ways that do not depend on
/// each other, the size of steps and the roughness; square waves, noise and clipped sound are so in one way at most.
/// </summary>
internal sealed class SampleVote
{
    private const double SmallerSteps = 1.5;
    private const double LittleSmallerSteps = 1.15;

    // Codes of 8 bits are rough by themselves, and their readings differ in less than those of larger samples.
    private const double LessRoughCodes = 1.3;
    private const double LessRough = 2;
    private const double SmoothCodes = 1;
    private const double Smooth = 0.6;
    private const double NoChannelRougher = 1.6;

    // Codes of quiet sound hardly differ in roughness, but steps are many times as large in the wrong reading. Square waves have
    // few levels, and the same roughness in all readings.
    private const double MuchSmallerSteps = 6;
    private const double LittleLessRough = 1.1;
    private const int FewestFrames = 512;
    private const int FewestFramesOfCodes = 18_000;

    private readonly SampleReading _stated;
    private readonly SampleReading[] _others;
    private long _frames;

    // One room for all readings, which does not move and is overwritten: nothing of a voice stays in memory.
    private float[] _samples = [];

    /// <summary>A vote about samples that follow.</summary>
    /// <param name="stated">What the header states.</param>
    /// <param name="sameFrames">Whether only readings with samples of the same size are open.</param>
    public SampleVote(WavFormat stated, bool sameFrames = false)
    {
        _stated = new SampleReading(stated, stated);
        _others = [.. Readings(stated).Where(format => !sameFrames || format.SampleBytes == stated.SampleBytes).Select(format => new SampleReading(format, stated))];
    }

    /// <summary>Whether the stated reading is noise of all values, as compressed or encrypted data are.</summary>
    public bool LooksCompressed => _stated.IsNoiseOfAllValues;

    /// <summary>What the samples may rather be, where they do not tell enough to overrule the header.</summary>
    public WavFormat? Doubt { get; private set; }

    /// <summary>Takes in a run of frames.</summary>
    /// <param name="bytes">Whole frames of the stated format, with as many bytes as all sizes of samples divide.</param>
    /// <returns>The format that the samples have; <see langword="null"/> as long as nothing tells.</returns>
    public WavFormat? Add(ReadOnlySpan<byte> bytes)
    {
        // Silence is the same in all readings but for a constant, and all bytes of a made wave follow its period.
        int frameBytes = _stated.Format.SampleBytes * _stated.Format.Channels;
        if (bytes.Length < FewestFrames * frameBytes || !bytes.ContainsAnyExcept(bytes[0]) || (_stated.Format is { Coding: WavCoding.Integer, SampleBytes: 4 } && AreRepeated(bytes)))
        {
            return null;
        }

        if (_samples.Length < bytes.Length)
        {
            Array.Clear(_samples);
            _samples = GC.AllocateArray<float>(bytes.Length, pinned: true);
        }

        _stated.Add(bytes, _samples);
        foreach (SampleReading other in _others)
        {
            other.Add(bytes, _samples);
        }

        Array.Clear(_samples);

        _frames += bytes.Length / frameBytes;
        return Decide(Open, isAll: false);
    }

    /// <summary>The format that the samples have when no more follow; <see langword="null"/> where nothing tells.</summary>
    public WavFormat? Conclude() => _frames > 0 ? Decide(Open, isAll: true) : null;

    private SampleReading[] Open => [.. _others.Where(other => other.ArePlausibleFloats is not false && other.MayBeSound)];

    private WavFormat? Decide(SampleReading[] open, bool isAll)
    {
        if (_stated.Format.SampleBytes == 1 && _frames < FewestFramesOfCodes && !isAll)
        {
            return null;
        }

        bool areHalves = open.Any(AreHalves);
        SampleReading? best = open.Where(other => areHalves ? other.Format.SampleBytes == 2 && other.Roughness < Smooth : IsBetter(other)).MinBy(other => other.Step);
        Doubt = best is null ? open.Where(IsDoubt).MinBy(other => other.Step)?.Format : null;
        return best?.Format ?? (IsConfirmed(open) ? _stated.Format : null);
    }

    private bool IsDoubt(SampleReading other) =>
        _stated.Format.SampleBytes == 1 && other.Format.SampleBytes == 1 && other.Step * LittleSmallerSteps < _stated.Step
        && other.Roughness * LittleLessRough < _stated.Roughness && other.Roughness < SmoothCodes;

    private bool IsConfirmed(SampleReading[] others) => _stated.MayBeSound && (_stated.IsFloat
        ? _stated.ArePlausibleFloats is true && _stated.AreOftenSmall
        : others.All(other => _stated.Step * SmallerSteps < other.Step));

    private bool IsBetter(SampleReading other)
    {
        bool areCodes = other.Format.SampleBytes == 1;
        bool isSmoother = other.Roughness < (areCodes ? SmoothCodes : Smooth) && other.LargestRoughness < NoChannelRougher
            && other.Roughness * (areCodes ? LessRoughCodes : LessRough) < _stated.Roughness;
        if (other.IsFloat)
        {
            // The exponents of floats say so much that only another size needs more.
            bool isSure = !_stated.IsFloat && other.Format.SampleBytes == _stated.Format.SampleBytes;
            return other.ArePlausibleFloats is true && (isSure || _stated.ArePlausibleFloats is false || isSmoother);
        }

        if (_stated.IsFloat)
        {
            return _stated.ArePlausibleFloats is false && other.Roughness < Smooth;
        }

        bool areLaws = _stated.Format.Coding != WavCoding.Integer;
        bool isQuieter = areCodes && _stated.Format.SampleBytes == 1 && other.LargestRoughness < NoChannelRougher && other.Step * MuchSmallerSteps < _stated.Step && (areLaws || other.Roughness * LittleLessRough < _stated.Roughness);
        return isQuieter || (isSmoother && other.Step * SmallerSteps < _stated.Step);
    }

    // What is said to be samples of 32 bits and is sound in both halves.
    private bool AreHalves(SampleReading other) =>
        other.Format is { Coding: WavCoding.Integer, SampleBytes: 2 } && _stated.Format.SampleBytes == 4
        && other.Format.Channels > _stated.Format.Channels && other.AreChannelsSmooth(Smooth);

    private static bool AreRepeated(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<int> samples = MemoryMarshal.Cast<byte, int>(bytes);
        var different = new HashSet<int>();
        foreach (int sample in samples)
        {
            different.Add(sample);
        }

        return different.Count < samples.Length / 4;
    }

    // With frames as long as stated or with as many channels.
    private static IEnumerable<WavFormat> Readings(WavFormat stated)
    {
        int frameBytes = stated.SampleBytes * stated.Channels;
        foreach (WavFormat layout in Layouts(stated))
        {
            int size = layout.SampleBytes;
            if (size > 2 * stated.SampleBytes || stated.SampleBytes > 2 * size)
            {
                continue;
            }

            if (layout != stated)
            {
                yield return layout;
            }

            if (size != stated.SampleBytes && frameBytes % size == 0)
            {
                yield return layout with { Channels = frameBytes / size };
            }
        }
    }

    private static IEnumerable<WavFormat> Layouts(WavFormat stated)
    {
        WavFormat plain = stated with { IsHighFirst = false, IsSignedByte = false };
        foreach ((WavCoding coding, int size) in new[] { (WavCoding.MuLaw, 1), (WavCoding.ALaw, 1), (WavCoding.Integer, 1) })
        {
            yield return plain with { Coding = coding, SampleBytes = size };
        }

        yield return plain with { Coding = WavCoding.Integer, SampleBytes = 1, IsSignedByte = true };
        foreach ((WavCoding coding, int size) in new[] { (WavCoding.Integer, 2), (WavCoding.Integer, 3), (WavCoding.Integer, 4), (WavCoding.Float, 4), (WavCoding.Float, 8) })
        {
            yield return plain with { Coding = coding, SampleBytes = size };
            yield return plain with { Coding = coding, SampleBytes = size, IsHighFirst = true };
        }
    }
}
