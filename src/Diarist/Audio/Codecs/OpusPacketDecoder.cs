namespace Diarist.Audio.Codecs;

/// <summary>
/// Decodes the packets of an Opus stream (RFC 6716) at 48 kHz. Packets of CELT, which is what music and most stereo recordings have, are decoded here; from the first other packet on
/// Concentus decodes all, and for several streams within each packet it always does.
/// </summary>
internal sealed class OpusPacketDecoder : PacketDecoder
{
    /// <summary>Frames per second, whatever went into the encoder.</summary>
    public const int Rate = 48_000;

    // Concealment fades out by itself after so long; beyond it there is nothing but silence.
    private const int MaxConcealedFrames = Rate / 10;

    private readonly OpusHead _head;
    private readonly RecentPackets _recent = new();
    private CeltDecoder? _celt;
    private ConcentusDecoder? _concentus;
    private int _lastFrames = Rate / 50;

    public OpusPacketDecoder(OpusHead head)
    {
        _head = head;
        if (head.Streams == 1 && head.Mapping.AsSpan().SequenceEqual(head.Channels == 1 ? [0] : [0, 1]))
        {
            _celt = new CeltDecoder(head.Channels);
        }
    }

    /// <inheritdoc/>
    public override int Channels => _head.Channels;

    /// <inheritdoc/>
    public override int SampleRate => Rate;

    /// <inheritdoc/>
    public override int MaxFrames => OpusPacket.MaxSamples;

    /// <inheritdoc/>
    public override string Name => "Opus";

    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> packet) => OpusPacket.SamplesOf(packet);

    /// <inheritdoc/>
    public override int Decode(ReadOnlySpan<byte> packet, Span<float> interleaved, out bool isDamaged)
    {
        int frames = OpusPacket.SamplesOf(packet);
        isDamaged = true;
        if (frames == 0)
        {
            return 0;
        }

        Span<float> samples = interleaved[..(frames * Channels)];
        if (_celt is not null && OpusPacket.IsCelt(packet))
        {
            _recent.Add(packet);
            isDamaged = !TryDecodeCelt(_celt, packet, samples);
        }
        else
        {
            isDamaged = !TakeOver().TryDecode(packet, frames, samples);
        }

        if (isDamaged)
        {
            samples.Clear();
            Reset();
            return frames;
        }

        _lastFrames = frames;
        return frames;
    }

    /// <inheritdoc/>
    public override void Interrupt()
    {
        // The decoder bridges gaps by itself.
    }

    /// <inheritdoc/>
    public override int Conceal(Span<float> interleaved)
    {
        // In steps of 2.5 ms up to the length of the last packet.
        const int Step = Rate / 400;
        int frames = Math.Min(Math.Min(interleaved.Length / Channels, MaxConcealedFrames), _lastFrames) / Step * Step;
        if (frames == 0)
        {
            return 0;
        }

        Span<float> samples = interleaved[..(frames * Channels)];
        if (_celt is null)
        {
            return TakeOver().TryDecode([], frames, samples) ? frames : 0;
        }

        _recent.Clear();
        for (int most = CeltTables.MaxSize * Channels; !samples.IsEmpty;)
        {
            Span<float> some = samples[..Math.Min(most, samples.Length)];
            _celt.Conceal(_head.Gain, some);
            samples = samples[some.Length..];
        }

        return frames;
    }

    private bool TryDecodeCelt(CeltDecoder celt, ReadOnlySpan<byte> packet, Span<float> samples)
    {
        Span<Range> frames = stackalloc Range[OpusPacket.MaxFrames];
        int count = OpusPacket.Split(packet, frames);
        if (count == 0)
        {
            return false;
        }

        int length = samples.Length / count;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> data = packet[frames[i]];
            Span<float> some = samples.Slice(i * length, length);

            // A frame of no more than one byte says that there is none.
            if (data.Length <= 1)
            {
                celt.Conceal(_head.Gain, some);
            }
            else if (!celt.TryDecode(data, OpusPacket.ScaleOf(packet), OpusPacket.ChannelsOf(packet), OpusPacket.EndBandOf(packet), _head.Gain, some))
            {
                return false;
            }
        }

        return true;
    }

    // Concentus takes over after packets that were decoded here: decoding the last of them into nothing brings it to the same state.
    private ConcentusDecoder TakeOver()
    {
        if (_concentus is null)
        {
            _concentus = new ConcentusDecoder(_head);
            float[] nothing = new float[MaxFrames * Channels];
            while (_recent.TryTake(out ReadOnlySpan<byte> packet))
            {
                int frames = OpusPacket.SamplesOf(packet);
                _concentus.TryDecode(packet, frames, nothing.AsSpan(0, frames * Channels));
            }

            _celt = null;
        }

        return _concentus;
    }

    private void Reset()
    {
        _celt?.Reset();
        _recent.Clear();
    }
}
