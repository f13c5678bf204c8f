using System.Globalization;
using System.Text;
using Diarist.Audio.Codecs;

namespace Diarist.Audio.Containers;

/// <summary>The headers of a logical stream, from its first packet until there is a decoder.</summary>
internal sealed class OggStreamStart
{
    private const int VorbisChannelsAt = 11;

    private readonly byte[] _first;
    private readonly OpusHead? _opus;
    private int _packets = 1;

    private OggStreamStart(byte[] first, OpusHead? opus) => (_first, _opus) = (first, opus);

    /// <summary>Frames at the start that are not part of the sound.</summary>
    public int PreSkip => _opus?.PreSkip ?? 0;

    /// <summary>Looks at the first packet of a logical stream.</summary>
    /// <returns>Its start when it is Opus or Vorbis of a kind that is decoded here.</returns>
    public static OggStreamStart? TryRead(ReadOnlySpan<byte> packet)
    {
        if (IsVorbis(packet))
        {
            return packet[VorbisChannelsAt] <= VorbisPacketDecoder.MostChannels ? new OggStreamStart(packet.ToArray(), null) : null;
        }

        try
        {
            return packet.StartsWith(OpusHead.Magic) ? new OggStreamStart([], OpusHead.Read(packet)) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Whether a logical stream is video: Theora, VP8, Dirac or Ogg's form of AVI streams.</summary>
    public static bool IsVideo(ReadOnlySpan<byte> packet) => packet.StartsWith((ReadOnlySpan<byte>)[0x80, .. "theora"u8])
        || packet.StartsWith("OVP80"u8) || packet.StartsWith("BBCD"u8) || packet.StartsWith("\u0001video"u8);

    /// <summary>What a logical stream holds that begins with a packet, for people.</summary>
    public static string NameOf(ReadOnlySpan<byte> packet) =>
        packet.StartsWith(OpusHead.Magic) ? "Opus of another kind"
        : IsVorbis(packet) ? string.Create(CultureInfo.InvariantCulture, $"Vorbis of {packet[VorbisChannelsAt]} channels")
        : packet.StartsWith("Speex   "u8) ? "Speex"
        : packet.StartsWith("\u007FFLAC"u8) ? "FLAC"
        : IsVideo(packet) ? "video"
        : packet.StartsWith("fishead\0"u8) ? "a Skeleton track"
        : packet.Length >= 4 && !packet[..4].ContainsAnyExceptInRange((byte)' ', (byte)'~') ? $"a stream '{Encoding.ASCII.GetString(packet[..4])}'"
        : "an unknown codec";

    /// <summary>Takes a header that follows the first.</summary>
    /// <returns>The decoder, with the last header; audio follows it.</returns>
    /// <exception cref="InvalidDataException">The headers are damaged.</exception>
    public PacketDecoder? Take(ReadOnlySpan<byte> packet) => (++_packets, _opus) switch
    {
        (2, OpusHead head) => new OpusPacketDecoder(head),
        (3, null) => new VorbisPacketDecoder(_first, packet),
        _ => null,
    };

    private static bool IsVorbis(ReadOnlySpan<byte> packet) => packet.StartsWith("\u0001vorbis"u8) && packet.Length > VorbisChannelsAt;
}
