using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diarist.Audio.Codecs;

/// <summary>Decodes frames of CELT, the transform codec within Opus (RFC 6716, section 4.3), at 48 kHz.</summary>
internal sealed class CeltDecoder
{
    private const int Eighths = CeltRangeDecoder.Eighths, One = 1 << Eighths, Bands = CeltTables.Bands;

    private readonly CeltFrame _frame = new();
    private readonly CeltEnergy _energy = new();
    private readonly CeltBands _bands;
    private readonly CeltTransform _transform = new();
    private readonly CeltVoice[] _voices;
    private readonly float[] _lines = new float[CeltTables.MaxSize];
    private readonly float[] _otherLines = new float[CeltTables.MaxSize];
    private readonly float[][] _results;
    private CeltPostFilter _filterBefore;
    private CeltPostFilter _filter;

    /// <summary>Prepares a decoder.</summary>
    /// <param name="channels">The channels that come out, 1 or 2, whatever the frames have.</param>
    public CeltDecoder(int channels)
    {
        _bands = new CeltBands { MayInvert = channels == 2 };
        _voices = [.. Enumerable.Range(0, channels).Select(_ => new CeltVoice())];
        _results = [.. Enumerable.Range(0, channels).Select(_ => new float[CeltTables.MaxSize])];
        Reset();
    }

    /// <summary>The range of the range decoder after the last frame, which the encoder had too.</summary>
    public uint LastRange { get; private set; }

    /// <summary>Forgets what was heard.</summary>
    public void Reset()
    {
        _energy.Reset();
        _bands.Noise.Seed = 0;
        (_filterBefore, _filter) = (default, default);
        Array.ForEach(_voices, voice => voice.Reset());
    }

    /// <summary>Decodes a frame.</summary>
    /// <param name="data">The frame, at least 2 bytes.</param>
    /// <param name="scale">Its length: 2.5 ms times two to this power, 0 to 3.</param>
    /// <param name="channels">Its channels, 1 or 2.</param>
    /// <param name="endBand">The band behind its last one.</param>
    /// <param name="gain">What the samples are multiplied by; full scale is 1.</param>
    /// <param name="interleaved">Receives the samples.</param>
    /// <returns>Whether it is such as an encoder writes.</returns>
    public bool TryDecode(ReadOnlySpan<byte> data, int scale, int channels, int endBand, float gain, Span<float> interleaved)
    {
        var range = new CeltRangeDecoder(data);
        (_frame.Scale, _frame.Channels, _frame.EndBand) = (scale, channels, endBand);
        CeltPostFilter filter = ReadFrame(ref range);
        for (int channel = 0; channel < _voices.Length; channel++)
        {
            MakeLines(channel);
            Span<float> result = _results[channel].AsSpan(0, _frame.Size);
            _voices[channel].Decode(_transform, _frame, _lines.AsSpan(0, _frame.Size), (_filterBefore, _filter, filter), result);
        }

        (_filterBefore, _filter) = (scale == 0 ? _filter : filter, filter);
        _energy.Finish(_frame);
        _bands.Noise.Seed = LastRange = range.Range;
        Interleave(gain, interleaved);
        return range.Tell <= range.TotalBits;
    }

    /// <summary>Makes up a lost frame of what was heard before.</summary>
    /// <param name="gain">What the samples are multiplied by.</param>
    /// <param name="interleaved">Receives the samples, a multiple of 2.5 ms and at most 20 ms.</param>
    public void Conceal(float gain, Span<float> interleaved)
    {
        for (int channel = 0; channel < _voices.Length; channel++)
        {
            _voices[channel].Conceal(_results[channel].AsSpan(0, interleaved.Length / _voices.Length));
        }

        Interleave(gain, interleaved);
    }

    private CeltPostFilter ReadFrame(ref CeltRangeDecoder range)
    {
        if (_frame.Channels == 1)
        {
            _energy.MergeChannels();
        }

        _frame.IsSilent = range.Tell >= range.TotalBits || (range.Tell == 1 && range.ReadBit(15));
        if (_frame.IsSilent)
        {
            range.SkipAll();
        }

        CeltPostFilter filter = range.Tell + 16 <= range.TotalBits && range.ReadBit(1) ? CeltPostFilter.Read(ref range) : default;
        _frame.IsTransient = _frame.Scale > 0 && range.Tell + 3 <= range.TotalBits && range.ReadBit(3);
        bool isByItself = range.Tell + 3 <= range.TotalBits && range.ReadBit(3);
        _energy.ReadCoarse(ref range, _frame, isByItself);
        ReadResolutions(ref range);
        _frame.Spread = range.Tell + 4 <= range.TotalBits ? range.ReadSymbol([25, 23, 2, 0], 5) : 2;
        int forCollapse = ReadAllocation(ref range);
        _energy.ReadFine(ref range, _frame);
        _bands.Read(ref range, _frame, (range.TotalBits << Eighths) - forCollapse);
        bool isFilled = forCollapse > 0 && range.ReadRaw(1) != 0;
        _energy.ReadFinal(ref range, _frame);
        if (isFilled)
        {
            CeltAntiCollapse.Apply(_frame, _bands, _energy);
        }

        return filter;
    }

    // Section 4.3.1: a choice of two for each band, among those that a choice for the frame leaves.
    private void ReadResolutions(ref CeltRangeDecoder range)
    {
        // For each scale: long blocks with the first and the second choice, then short ones.
        ReadOnlySpan<sbyte> choices = [0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -2, 1, 0, 1, -1, 0, -2, 0, -3, 2, 0, 1, -1, 0, -2, 0, -3, 3, 0, 1, -1];
        ReadOnlySpan<sbyte> some = choices.Slice((8 * _frame.Scale) + (_frame.IsTransient ? 4 : 0), 4);
        int power = _frame.IsTransient ? 2 : 4, total = range.TotalBits;
        bool hasChoice = _frame.Scale > 0 && range.Tell + power + 1 <= total;
        total -= hasChoice ? 1 : 0;
        int current = 0, any = 0;
        for (int band = 0; band < _frame.EndBand; band++)
        {
            if (range.Tell + power <= total)
            {
                current ^= range.ReadBit(power) ? 1 : 0;
                any |= current;
            }

            _frame.Resolutions[band] = current;
            power = _frame.IsTransient ? 4 : 5;
        }

        int choice = hasChoice && some[any] != some[2 + any] && range.ReadBit(1) ? 2 : 0;
        for (int band = 0; band < _frame.EndBand; band++)
        {
            _frame.Resolutions[band] = some[choice + _frame.Resolutions[band]];
        }
    }

    // Returns the bits that are set aside to say whether empty blocks are filled.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ReadAllocation(ref CeltRangeDecoder range)
    {
        Span<int> boosts = stackalloc int[Bands], caps = stackalloc int[Bands];
        int total = range.TotalBits << Eighths, power = 6;
        for (int band = 0; band < _frame.EndBand; band++)
        {
            caps[band] = CeltTables.CapOf(band, _frame.Scale, _frame.Channels);
            int width = _frame.Channels * CeltTables.WidthOf(band) << _frame.Scale;
            int step = Math.Min(width << Eighths, Math.Max(6 << Eighths, width)), nextPower = power, boost = 0;
            while (range.TellEighths + (nextPower << Eighths) < total && boost < caps[band] && range.ReadBit(nextPower))
            {
                boost += step;
                total -= step;
                nextPower = 1;
            }

            boosts[band] = boost;
            power = boost > 0 ? Math.Max(2, power - 1) : power;
        }

        int tilt = range.TellEighths + (6 << Eighths) <= total ? range.ReadSymbol([126, 124, 119, 109, 87, 41, 19, 9, 4, 2, 0], 7) : 5;
        int bits = (range.TotalBits << Eighths) - range.TellEighths - 1;
        int forCollapse = _frame.IsTransient && _frame.Scale >= 2 && bits >= (_frame.Scale + 2) << Eighths ? One : 0;
        CeltAllocation.Divide(ref range, _frame, boosts, caps, tilt, bits - forCollapse);
        return forCollapse;
    }

    // One coded channel is heard from both, two are averaged for one.
    private void MakeLines(int channel)
    {
        if (_frame.Channels >= _voices.Length || channel == 0)
        {
            Scale(channel, _lines);
        }

        if (_frame.Channels > _voices.Length)
        {
            Scale(1, _otherLines);
            TensorPrimitives.Add(_lines, _otherLines, _lines);
            TensorPrimitives.Multiply(_lines, 0.5f, _lines);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scale(int channel, Span<float> lines)
    {
        int end = 0;
        for (int band = 0; band < _frame.EndBand && !_frame.IsSilent; band++)
        {
            int start = CeltTables.Edges[band] << _frame.Scale;
            end = CeltTables.Edges[band + 1] << _frame.Scale;
            float amplitude = CeltEnergy.AmplitudeOf(_energy.Now[(channel * Bands) + band] + (CeltTables.MeanEnergies[band] / 16f));
            TensorPrimitives.Multiply(_bands.Lines[channel].AsSpan(start, end - start), amplitude, lines[start..]);
        }

        lines[end.._frame.Size].Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Interleave(float gain, Span<float> interleaved)
    {
        gain /= -(float)short.MinValue;
        if (_voices.Length == 1)
        {
            TensorPrimitives.Multiply(_results[0].AsSpan(0, interleaved.Length), gain, interleaved);
            return;
        }

        ReadOnlySpan<float> left = _results[0].AsSpan(0, interleaved.Length / 2), right = _results[1].AsSpan(0, left.Length);
        for (int i = 0; i < left.Length; i += 4)
        {
            Vector256<float> both = gain * Vector256.Create(Vector128.Create(left[i..]), Vector128.Create(right[i..]));
            Vector256.Shuffle(both, Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).CopyTo(interleaved[(2 * i)..]);
        }
    }
}
