using System.Numerics.Tensors;
using Concentus;
using Concentus.Structs;

namespace Diarist.Audio.Codecs;

/// <summary>Decodes the packets of an Opus stream (RFC 6716) with Concentus, at 48 kHz.</summary>
#pragma warning disable CA1001 // The managed decoders hold memory only; there is nothing to release.
internal sealed class OpusPacketDecoder : PacketDecoder
#pragma warning restore CA1001
{
    /// <summary>Frames per second, whatever went into the encoder.</summary>
    public const int Rate = 48_000;

    // No packet is longer than 120 ms.
    private const int MaxPacketFrames = Rate / 1000 * 120;

    // Concealment fades out by itself after so long; beyond it there is nothing but silence.
    private const int MaxConcealedFrames = Rate / 10;

    private readonly OpusHead _head;
    private readonly OpusDecoder? _single;
    private readonly OpusMSDecoder? _multiple;
    private readonly short[] _integers;
    private int _lastFrames = Rate / 50;

    public OpusPacketDecoder(OpusHead head)
    {
        _head = head;
        _integers = new short[MaxPacketFrames * head.Channels];
#pragma warning disable CS0618 // The factory would take a native library where it finds one, and results would depend on the machine.
        if (head.Streams == 1 && head.Mapping.AsSpan().SequenceEqual(head.Channels == 1 ? [0] : [0, 1]))
        {
            _single = new OpusDecoder(Rate, head.Channels);
        }
        else
        {
            _multiple = new OpusMSDecoder(Rate, head.Channels, head.Streams, head.CoupledStreams, head.Mapping);
        }
#pragma warning restore CS0618
    }

    /// <inheritdoc/>
    public override int Channels => _head.Channels;

    /// <inheritdoc/>
    public override int SampleRate => Rate;

    /// <inheritdoc/>
    public override int MaxFrames => MaxPacketFrames;

    /// <inheritdoc/>
    public override string Name => "Opus";

    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> packet) => FramesOf(packet);

    /// <inheritdoc/>
    public override int Decode(ReadOnlySpan<byte> packet, Span<float> interleaved, out bool isDamaged)
    {
        int frames = FramesOf(packet);
        isDamaged = true;
        if (frames == 0)
        {
            return 0;
        }

        Span<float> samples = interleaved[..(frames * Channels)];
        try
        {
            isDamaged = Run(packet, samples, frames) != frames;
        }
        catch (Exception error) when (error is OpusException or IndexOutOfRangeException or ArgumentException or OverflowException or NullReferenceException or DivideByZeroException)
        {
            // What Concentus makes of bytes that no encoder writes.
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
        // In steps of 2.5 ms up to the length of the last packet, which is what the decoder can make up at once.
        const int Step = Rate / 400;
        int frames = Math.Min(Math.Min(interleaved.Length / Channels, MaxConcealedFrames), _lastFrames) / Step * Step;
        if (frames == 0)
        {
            return 0;
        }

        Span<float> samples = interleaved[..(frames * Channels)];
        try
        {
            if (Run([], samples, frames) != frames)
            {
                return 0;
            }
        }
        catch (Exception error) when (error is OpusException or IndexOutOfRangeException or ArgumentException)
        {
            Reset();
            return 0;
        }

        return frames;
    }

    // Section 3.1 of RFC 6716: the first byte tells the length of a frame and how many there are.
    private static int FramesOf(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty)
        {
            return 0;
        }

        int configuration = packet[0] >> 3;
        int frame = configuration switch
        {
            < 12 => (configuration & 3) switch { 0 => 480, 1 => 960, 2 => 1920, _ => 2880 },
            < 16 => (configuration & 1) == 0 ? 480 : 960,
            _ => 120 << (configuration & 3),
        };
        int count = (packet[0] & 3) switch { 0 => 1, 3 => packet.Length > 1 ? packet[1] & 63 : 0, _ => 2 };
        return frame * count <= MaxPacketFrames ? frame * count : 0;
    }

    // Concentus computes with integers, and would make floats of them one by one.
    private int Run(ReadOnlySpan<byte> packet, Span<float> samples, int frames)
    {
        Span<short> integers = _integers.AsSpan(0, samples.Length);
        int count = _single is null
            ? _multiple!.DecodeMultistream(packet, integers, frames, false)
            : _single.Decode(packet, integers, frames, false);
        TensorPrimitives.ConvertTruncating<short, float>(integers, samples);
        TensorPrimitives.Multiply(samples, _head.Gain / -(float)short.MinValue, samples);
        return count;
    }

    private void Reset()
    {
        _single?.ResetState();
        _multiple?.ResetState();
    }
}
