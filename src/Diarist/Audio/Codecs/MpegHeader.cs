using NLayer;

namespace Diarist.Audio.Codecs;

/// <summary>The four bytes that begin a frame of MPEG audio (ISO/IEC 11172-3 and 13818-3, with MPEG 2.5), layers I to III.</summary>
/// <param name="Version">MPEG 1, 2 or 2.5.</param>
/// <param name="Layer">Layer I, II or III.</param>
/// <param name="HasCrc">Whether two bytes of checksum follow.</param>
/// <param name="BitRateIndex">The position in the table of bit rates, 1 to 14; 0 is free format.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="SampleRateIndex">The position in the table of sample rates, 0 to 2.</param>
/// <param name="IsPadded">Whether the frame is one slot longer.</param>
/// <param name="ChannelMode">Stereo, joint stereo, dual channel or mono.</param>
/// <param name="ModeExtension">What is joint in joint stereo, 0 to 3.</param>
/// <param name="IsCopyrighted">A flag that nothing depends on.</param>
internal readonly record struct MpegHeader(
    MpegVersion Version,
    MpegLayer Layer,
    bool HasCrc,
    int BitRateIndex,
    int SampleRate,
    int SampleRateIndex,
    bool IsPadded,
    MpegChannelMode ChannelMode,
    int ModeExtension,
    bool IsCopyrighted)
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 4;

    /// <summary>The longest frame there is: layer II of MPEG 2.5, 160 kbit/s at 8 kHz, padded.</summary>
    public const int MaxFrameBytes = 2881;

    /// <summary>The most samples of one frame, both channels together.</summary>
    public const int MaxSamples = 2 * 1152;

    // kbit/s by index 1 to 14: MPEG 1 layers I, II, III; MPEG 2 and 2.5 layer I; their layers II and III.
    private static ReadOnlySpan<short> KilobitRates =>
    [
        32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448,
        32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
        32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
        32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256,
        8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160,
    ];

    /// <summary>Channels of the frame.</summary>
    public int Channels => ChannelMode == MpegChannelMode.Mono ? 1 : 2;

    /// <summary>Whether the bit rate is not in the table, so that the frame's length is not known from its header.</summary>
    public bool IsFreeFormat => BitRateIndex == 0;

    /// <summary>Bits per second.</summary>
    public int BitRate => IsFreeFormat ? 0 : 1000 * KilobitRates[(RateRow * 14) + BitRateIndex - 1];

    /// <summary>Samples of the frame for each channel.</summary>
    public int Samples => Layer switch
    {
        MpegLayer.LayerI => 384,
        MpegLayer.LayerIII when Version != MpegVersion.Version1 => 576,
        _ => 1152,
    };

    /// <summary>Bytes of the frame with its header.</summary>
    public int FrameBytes => Layer == MpegLayer.LayerI
        ? 4 * ((12 * BitRate / SampleRate) + (IsPadded ? 1 : 0))
        : (Samples / 8 * BitRate / SampleRate) + (IsPadded ? 1 : 0);

    private int RateRow => (Version, Layer) switch
    {
        (MpegVersion.Version1, MpegLayer.LayerI) => 0,
        (MpegVersion.Version1, MpegLayer.LayerII) => 1,
        (MpegVersion.Version1, _) => 2,
        (_, MpegLayer.LayerI) => 3,
        _ => 4,
    };

    /// <summary>Reads a header.</summary>
    /// <returns>Whether the bytes are one; what the standard reserves is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out MpegHeader header)
    {
        header = default;
        if (bytes.Length < Size || bytes[0] != 0xFF || (bytes[1] & 0xE0) != 0xE0)
        {
            return false;
        }

        int version = (bytes[1] >> 3) & 3, layer = (bytes[1] >> 1) & 3, bitRate = bytes[2] >> 4, sampleRate = (bytes[2] >> 2) & 3;
        if (version == 1 || layer == 0 || bitRate == 15 || sampleRate == 3 || (bytes[3] & 3) == 2)
        {
            return false;
        }

        int rate = sampleRate switch { 0 => 44_100, 1 => 48_000, _ => 32_000 };
        header = new MpegHeader(
            version switch { 3 => MpegVersion.Version1, 2 => MpegVersion.Version2, _ => MpegVersion.Version25 },
            layer switch { 3 => MpegLayer.LayerI, 2 => MpegLayer.LayerII, _ => MpegLayer.LayerIII },
            HasCrc: (bytes[1] & 1) == 0,
            bitRate,
            version switch { 3 => rate, 2 => rate / 2, _ => rate / 4 },
            sampleRate,
            IsPadded: (bytes[2] & 2) != 0,
            (MpegChannelMode)(bytes[3] >> 6),
            (bytes[3] >> 4) & 3,
            IsCopyrighted: (bytes[3] & 8) != 0);
        return true;
    }

    /// <summary>Whether a frame with the other header can follow in the same stream.</summary>
    public bool Continues(MpegHeader other) => Version == other.Version && Layer == other.Layer && SampleRate == other.SampleRate;
}
