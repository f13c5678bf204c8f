using System.Numerics.Tensors;
using Concentus;
using Concentus.Structs;

namespace Diarist.Audio.Codecs;

/// <summary>Decodes all kinds of Opus packets with Concentus.</summary>
#pragma warning disable CA1001 // The managed decoders hold memory only; there is nothing to release.
internal sealed class ConcentusDecoder
#pragma warning restore CA1001
{
    private readonly OpusHead _head;
    private readonly OpusDecoder? _single;
    private readonly OpusMSDecoder? _multiple;
    private readonly short[] _integers;

    public ConcentusDecoder(OpusHead head)
    {
        _head = head;
        _integers = new short[OpusPacket.MaxSamples * head.Channels];
#pragma warning disable CS0618 // The factory would take a native library where it finds one, and results would depend on the machine.
        if (head.Streams == 1 && head.Mapping.AsSpan().SequenceEqual(head.Channels == 1 ? [0] : [0, 1]))
        {
            _single = new OpusDecoder(OpusPacketDecoder.Rate, head.Channels);
        }
        else
        {
            _multiple = new OpusMSDecoder(OpusPacketDecoder.Rate, head.Channels, head.Streams, head.CoupledStreams, head.Mapping);
        }
#pragma warning restore CS0618
    }

    /// <summary>Decodes a packet; after a damaged one the decoder begins anew.</summary>
    /// <param name="packet">The packet; empty to make up what was lost.</param>
    /// <param name="frames">The frames that it has.</param>
    /// <param name="samples">Receives the samples.</param>
    /// <returns>Whether it could be decoded.</returns>
    public bool TryDecode(ReadOnlySpan<byte> packet, int frames, Span<float> samples)
    {
        Span<short> integers = _integers.AsSpan(0, frames * _head.Channels);
        try
        {
            int count = _single is null
                ? _multiple!.DecodeMultistream(packet, integers, frames, false)
                : _single.Decode(packet, integers, frames, false);
            if (count == frames)
            {
                // Concentus computes with integers, and would make floats of them one by one.
                TensorPrimitives.ConvertTruncating<short, float>(integers, samples);
                TensorPrimitives.Multiply(samples, _head.Gain / -(float)short.MinValue, samples);
                return true;
            }
        }
        catch (Exception error) when (error is OpusException or IndexOutOfRangeException or ArgumentException or OverflowException or NullReferenceException or DivideByZeroException)
        {
            // What Concentus makes of bytes that no encoder writes.
        }

        _single?.ResetState();
        _multiple?.ResetState();
        return false;
    }
}
