namespace Diarist.Audio.Containers;

/// <summary>The elements of Matroska (RFC 9559) and WebM that are understood here.</summary>
internal static class MatroskaId
{
    public const uint Ebml = 0x1A45_DFA3;
    public const uint DocType = 0x4282;
    public const uint Segment = 0x1853_8067;
    public const uint Info = 0x1549_A966;
    public const uint TimestampScale = 0x2A_D7B1;
    public const uint Cluster = 0x1F43_B675;
    public const uint Timestamp = 0xE7;
    public const uint SimpleBlock = 0xA3;
    public const uint BlockGroup = 0xA0;
    public const uint Block = 0xA1;
    public const uint DiscardPadding = 0x75A2;

    public const uint Tracks = 0x1654_AE6B;
    public const uint TrackEntry = 0xAE;
    public const uint TrackNumber = 0xD7;
    public const uint TrackType = 0x83;
    public const uint FlagDefault = 0x88;
    public const uint Name = 0x536E;
    public const uint Language = 0x22_B59C;
    public const uint LanguageBcp47 = 0x22_B59D;
    public const uint CodecId = 0x86;
    public const uint CodecPrivate = 0x63A2;
    public const uint CodecDelay = 0x56AA;
    public const uint ContentEncodings = 0x6D80;
    public const uint Audio = 0xE1;
    public const uint SamplingFrequency = 0xB5;
    public const uint Channels = 0x9F;
    public const uint BitDepth = 0x6264;

    /// <summary>Whether an element holds nothing that is needed here and may be passed over at any length: Void, CRC-32, SeekHead, Cues, Tags, Chapters, Attachments.</summary>
    public static bool IsPassedOver(uint id) => id is 0xEC or 0xBF or 0x114D_9B74 or 0x1C53_BB6B or 0x1254_C367 or 0x1043_A770 or 0x1941_A469;
}
