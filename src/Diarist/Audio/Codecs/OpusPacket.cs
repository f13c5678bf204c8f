namespace Diarist.Audio.Codecs;

/// <summary>What an Opus packet says of itself (RFC 6716, section 3).</summary>
internal static class OpusPacket
{
    /// <summary>The most frames of a packet.</summary>
    public const int MaxFrames = 48;

    /// <summary>Samples of the longest packet: 120 ms.</summary>
    public const int MaxSamples = 48_000 / 1000 * 120;

    private const int MaxFrameBytes = 1275;

    /// <summary>Whether its frames are those of CELT alone.</summary>
    public static bool IsCelt(ReadOnlySpan<byte> packet) => packet[0] >= 128;

    /// <summary>Channels of its frames.</summary>
    public static int ChannelsOf(ReadOnlySpan<byte> packet) => (packet[0] & 4) != 0 ? 2 : 1;

    /// <summary>Of a packet of CELT, the length of its frames: 2.5 ms times two to this power.</summary>
    public static int ScaleOf(ReadOnlySpan<byte> packet) => packet[0] >> 3 & 3;

    /// <summary>Of a packet of CELT, the band behind the last one that is coded: for 4, 8, 12 or 20 kHz.</summary>
    public static int EndBandOf(ReadOnlySpan<byte> packet) => (packet[0] >> 5 & 3) switch { 0 => 13, 1 => 17, 2 => 19, _ => 21 };

    /// <summary>Samples at 48 kHz; 0 when it is damaged.</summary>
    public static int SamplesOf(ReadOnlySpan<byte> packet)
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
        return frame * count <= MaxSamples ? frame * count : 0;
    }

    /// <summary>Finds the frames.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="frames">Receives where each one is; room for <see cref="MaxFrames"/>.</param>
    /// <returns>How many there are; 0 when the packet is damaged.</returns>
    public static int Split(ReadOnlySpan<byte> packet, Span<Range> frames)
    {
        if (SamplesOf(packet) == 0)
        {
            return 0;
        }

        int at = 1, end = packet.Length, count = 2;
        bool hasSizes = false;
        switch (packet[0] & 3)
        {
            case 0:
                count = 1;
                break;
            case 1:
                break;
            case 2:
                hasSizes = true;
                break;
            default:
                count = packet[1] & 63;
                hasSizes = (packet[1] & 0x80) != 0;
                at = 2;
                if ((packet[1] & 0x40) != 0 && !TrySkipPadding(packet, ref at, ref end))
                {
                    return 0;
                }

                break;
        }

        return TryFind(packet[..end], at, hasSizes, frames[..count]) ? count : 0;
    }

    // The padding is behind the frames; its size is in front of them.
    private static bool TrySkipPadding(ReadOnlySpan<byte> packet, ref int at, ref int end)
    {
        byte size;
        do
        {
            if (at >= end)
            {
                return false;
            }

            size = packet[at++];
            end -= Math.Min(size, (byte)254);
        }
        while (size == 255);

        return at <= end;
    }

    private static bool TryFind(ReadOnlySpan<byte> packet, int at, bool hasSizes, Span<Range> frames)
    {
        Span<int> sizes = stackalloc int[MaxFrames];
        int left = packet.Length - at, last = frames.Length - 1;
        if (!hasSizes)
        {
            sizes.Fill(left / frames.Length);
            if (left % frames.Length != 0)
            {
                return false;
            }
        }

        for (int i = 0; hasSizes && i < last; i++)
        {
            // A byte below 252 is a size; others have a second byte of which each is four.
            int bytes = at < packet.Length && packet[at] >= 252 ? 2 : 1;
            if (at + bytes > packet.Length)
            {
                return false;
            }

            sizes[i] = packet[at] + (bytes == 2 ? 4 * packet[at + 1] : 0);
            at += bytes;
            left -= bytes + sizes[i];
            sizes[last] = left;
        }

        for (int i = 0; i < frames.Length; i++)
        {
            if (sizes[i] is < 0 or > MaxFrameBytes || at + sizes[i] > packet.Length)
            {
                return false;
            }

            frames[i] = at..(at + sizes[i]);
            at += sizes[i];
        }

        return true;
    }
}
