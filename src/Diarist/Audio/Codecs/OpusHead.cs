using System.Buffers.Binary;

namespace Diarist.Audio.Codecs;

/// <summary>The identification header of an Opus stream (RFC 7845, section 5.1), in Ogg and as CodecPrivate in Matroska.</summary>
/// <param name="Channels">Channels that come out, 1 to 8.</param>
/// <param name="PreSkip">Frames at 48 kHz to drop at the start.</param>
/// <param name="Gain">The factor that the samples are to be multiplied by.</param>
/// <param name="Streams">Opus streams within each packet.</param>
/// <param name="CoupledStreams">Those of them, the first ones, that are stereo.</param>
/// <param name="Mapping">For each channel the decoded channel it is taken from; 255 is silence.</param>
internal sealed record OpusHead(int Channels, int PreSkip, float Gain, int Streams, int CoupledStreams, byte[] Mapping)
{
    /// <summary>What the header begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "OpusHead"u8;

    /// <summary>Reads the header.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of a kind that is not decoded here.</exception>
    public static OpusHead Read(ReadOnlySpan<byte> packet)
    {
        const int Size = 19, MaxChannels = 8;
        if (packet.Length < Size || !packet.StartsWith(Magic))
        {
            throw new InvalidDataException("its Opus header is cut");
        }

        int version = packet[8], channels = packet[9], family = packet[18];
        if (version > 15)
        {
            throw new InvalidDataException($"its Opus header is of version {version}, and only 0 to 15 are known");
        }

        if (channels is 0 or > MaxChannels || (family == 0 && channels > 2))
        {
            throw new InvalidDataException($"its Opus header states {channels} channels in mapping family {family}");
        }

        int preSkip = BinaryPrimitives.ReadUInt16LittleEndian(packet[10..]);
        float gain = (float)Math.Pow(10, BinaryPrimitives.ReadInt16LittleEndian(packet[16..]) / (20.0 * 256));
        if (family == 0)
        {
            return new OpusHead(channels, preSkip, gain, 1, channels - 1, channels == 1 ? [0] : [0, 1]);
        }

        // Family 1 orders the channels for loudspeakers, 255 leaves them open; others mix them by matrices.
        if (family is not (1 or 255))
        {
            throw new InvalidDataException($"its Opus channels are mapped by family {family}, and only 0, 1 and 255 are decoded here");
        }

        if (packet.Length < Size + 2 + channels)
        {
            throw new InvalidDataException("its Opus header is cut");
        }

        int streams = packet[19], coupled = packet[20];
        byte[] mapping = packet.Slice(21, channels).ToArray();
        if (streams is 0 or > MaxChannels || coupled > streams || Array.Exists(mapping, index => index != 255 && index >= streams + coupled))
        {
            throw new InvalidDataException("its Opus header maps channels that are not there");
        }

        return new OpusHead(channels, preSkip, gain, streams, coupled, mapping);
    }
}
