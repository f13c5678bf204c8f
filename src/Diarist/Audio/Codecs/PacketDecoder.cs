namespace Diarist.Audio.Codecs;

/// <summary>
/// Decodes the packets of one logical stream. <see cref="Measure"/> looks ahead without decoding, so that a container
/// knows what a page or block holds before its first packet is decoded; each packet is measured once and then decoded once,
/// both in order.
/// </summary>
internal abstract class PacketDecoder
{
    /// <summary>Channels of what is decoded.</summary>
    public abstract int Channels { get; }

    /// <summary>Frames per second of what is decoded.</summary>
    public abstract int SampleRate { get; }

    /// <summary>The most frames that one packet decodes to.</summary>
    public abstract int MaxFrames { get; }

    /// <summary>What the codec is called, for people.</summary>
    public abstract string Name { get; }

    /// <summary>Frames by which a packet moves the stream's clock; 0 when it is damaged.</summary>
    public abstract int Measure(ReadOnlySpan<byte> packet);

    /// <summary>Decodes a packet.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="interleaved">Room for <see cref="MaxFrames"/> frames.</param>
    /// <param name="isDamaged">Whether it could not be decoded, and silence took its place.</param>
    /// <returns>The number of frames.</returns>
    public abstract int Decode(ReadOnlySpan<byte> packet, Span<float> interleaved, out bool isDamaged);

    /// <summary>Says that packets are missing between the last one and the next.</summary>
    public abstract void Interrupt();

    /// <summary>Makes up what was lost from what came before it.</summary>
    /// <param name="interleaved">Room for the frames.</param>
    /// <returns>The number of frames that were made up, at most those there is room for; 0 when the codec has no way to do so.</returns>
    public virtual int Conceal(Span<float> interleaved) => 0;
}
