namespace Diarist.Audio.Codecs;

/// <summary>Decodes the frames of layer III (ISO/IEC 11172-3 and 13818-3, with MPEG 2.5), one at a time.</summary>
internal sealed class MpegLayerThree
{
    private const int MaxReservoirBytes = 511, Channels = 2, Granules = 2;

    private readonly MpegGranule[] _granules = [new(), new(), new(), new()];
    private readonly bool[] _isRepeated = new bool[Channels * 4];
    private readonly MpegHybrid[] _hybrids = [new(), new()];
    private readonly MpegSynthesis[] _syntheses = [new(), new()];
    private readonly float[][] _lines = [new float[MpegGranule.Lines], new float[MpegGranule.Lines]];
    private readonly float[] _subbands = new float[MpegHybrid.Subbands * MpegHybrid.Stride];
    private readonly float[][] _samples = [new float[Granules * MpegGranule.Lines], new float[Granules * MpegGranule.Lines]];

    // What frames before left for this one, then what this one brings.
    private readonly byte[] _main = new byte[MaxReservoirBytes + MpegHeader.MaxFrameBytes + MpegSpectrum.Margin];
    private int _kept;

    /// <summary>Decodes a frame; every frame of a stream must come here.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="frame">Its bytes.</param>
    /// <param name="interleaved">Receives its samples.</param>
    /// <param name="isDamaged">Whether it is such as no encoder writes.</param>
    /// <returns>Whether it could be decoded: bits may be missing that stood in frames before a cut or a gap.</returns>
    public bool TryDecode(MpegHeader header, ReadOnlySpan<byte> frame, Span<float> interleaved, out bool isDamaged)
    {
        bool isMpeg1 = header.Version == NLayer.MpegVersion.Version1;
        int headBytes = MpegHeader.Size + (header.HasCrc ? 2 : 0), sideBytes = (isMpeg1, header.Channels) switch
        {
            (true, 1) => 17,
            (true, _) => 32,
            (false, 1) => 9,
            _ => 17,
        };
        isDamaged = frame.Length < headBytes + sideBytes;
        if (isDamaged)
        {
            return false;
        }

        var side = new BitReader(frame.Slice(headBytes, sideBytes));
        int start = _kept - (int)side.ReadUnsigned(isMpeg1 ? 9 : 8);
        isDamaged = !TryReadSide(header, ref side, isMpeg1);
        ReadOnlySpan<byte> main = frame[(headBytes + sideBytes)..];
        main.CopyTo(_main.AsSpan(_kept));
        int end = _kept + main.Length;
        _main.AsSpan(end, MpegSpectrum.Margin).Clear();
        bool isDecoded = !isDamaged && start >= 0 && TryDecode(header, 8 * start, 8 * end, out isDamaged);
        _kept = Math.Min(end, MaxReservoirBytes);
        _main.AsSpan(end - _kept, _kept).CopyTo(_main);
        if (isDecoded)
        {
            Interleave(header, interleaved);
        }

        return isDecoded;
    }

    private bool TryReadSide(MpegHeader header, ref BitReader side, bool isMpeg1)
    {
        // Private bits, then what the second granule repeats of the first one.
        side.ReadUnsigned((isMpeg1, header.Channels) switch { (true, 1) => 5, (true, _) => 3, (false, 1) => 1, _ => 2 });
        _isRepeated.AsSpan().Clear();
        for (int i = 0; isMpeg1 && i < 4 * header.Channels; i++)
        {
            _isRepeated[i] = side.ReadUnsigned(1) != 0;
        }

        bool isSound = true;
        var bands = MpegBands.Of(header);
        for (int granule = 0; granule < header.Samples / MpegGranule.Lines; granule++)
        {
            for (int channel = 0; channel < header.Channels; channel++)
            {
                isSound &= GranuleOf(granule, channel).TryRead(ref side, bands, isMpeg1);
            }
        }

        return isSound;
    }

    private MpegGranule GranuleOf(int granule, int channel) => _granules[(granule * Channels) + channel];

    private bool TryDecode(MpegHeader header, int position, int end, out bool isDamaged)
    {
        isDamaged = true;
        for (int number = 0; number < header.Samples / MpegGranule.Lines; number++)
        {
            for (int channel = 0; channel < header.Channels; channel++)
            {
                MpegGranule granule = GranuleOf(number, channel);
                int next = position + granule.Bits;
                if (next > end || !TryReadLines(header, number, channel, position, next))
                {
                    return false;
                }

                position = next;
            }

            if (header.Channels == Channels)
            {
                MpegGranule left = GranuleOf(number, 0), right = GranuleOf(number, 1);
                MpegStereo.Apply(header, right, _lines[0], _lines[1]);
                if (header.ChannelMode == NLayer.MpegChannelMode.JointStereo)
                {
                    left.UsedLines = right.UsedLines = Math.Max(left.UsedLines, right.UsedLines);
                }
            }

            for (int channel = 0; channel < header.Channels; channel++)
            {
                int used = _hybrids[channel].Apply(GranuleOf(number, channel), _lines[channel], _subbands);
                _syntheses[channel].Apply(_subbands, used, _samples[channel].AsSpan(number * MpegGranule.Lines, MpegGranule.Lines));
            }
        }

        isDamaged = false;
        return true;
    }

    private bool TryReadLines(MpegHeader header, int number, int channel, int position, int end)
    {
        MpegGranule granule = GranuleOf(number, channel);
        var bits = new BitReader(_main.AsSpan(position / 8));
        bits.ReadUnsigned(position % 8);
        if (header.Version == NLayer.MpegVersion.Version1)
        {
            MpegScaleFactors.Read(ref bits, granule, number == 0 ? null : GranuleOf(0, channel), _isRepeated.AsSpan(4 * channel, 4));
        }
        else
        {
            MpegScaleFactors.ReadLow(ref bits, granule, channel == 1 && MpegStereo.HasIntensity(header));
        }

        int codes = (position / 8 * 8) + (int)bits.BitPosition;
        return codes <= end && MpegSpectrum.TryRead(granule, _main, codes, end, _lines[channel]);
    }

    private void Interleave(MpegHeader header, Span<float> interleaved)
    {
        ReadOnlySpan<float> left = _samples[0].AsSpan(0, header.Samples), right = _samples[1].AsSpan(0, header.Samples);
        if (header.Channels == 1)
        {
            left.CopyTo(interleaved);
            return;
        }

        for (int i = 0; i < left.Length; i++)
        {
            interleaved[2 * i] = left[i];
            interleaved[(2 * i) + 1] = right[i];
        }
    }
}
