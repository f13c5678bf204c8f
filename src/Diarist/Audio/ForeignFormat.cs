using System.Buffers.Binary;
using System.Text;

namespace Diarist.Audio;

/// <summary>Names containers and codecs that are not decoded here, by their first bytes, for people who have to convert them.</summary>
internal static class ForeignFormat
{
    private const int SearchBytes = 1 << 16;

    // Sample entries of ISO media files, QuickTime and CAF, and compression types of AIFF-C.
    private static readonly (string Code, string Codec)[] FourLetterCodecs =
    [
        ("mp4a", "AAC"), ("aac ", "AAC"), ("alac", "ALAC"), ("ac-3", "AC-3"), ("ec-3", "E-AC-3"), ("samr", "AMR"), ("sawb", "AMR-WB"), ("Opus", "Opus"), ("opus", "Opus"),
        ("fLaC", "FLAC"), ("flac", "FLAC"), (".mp3", "MP3"), ("sowt", "PCM"), ("twos", "PCM"), ("lpcm", "PCM"), ("ipcm", "PCM"), ("fpcm", "PCM"), ("NONE", "PCM"), ("in24", "PCM"), ("in32", "PCM"), ("fl32", "PCM"), ("FL32", "PCM"),
        ("ulaw", "µ-law"), ("ULAW", "µ-law"), ("alaw", "A-law"), ("ALAW", "A-law"), ("ima4", "IMA ADPCM"), ("MAC3", "MACE 3:1"), ("MAC6", "MACE 6:1"), ("QDM2", "QDesign Music"), ("GSM ", "GSM"),
    ];

    private static readonly (string Magic, string Name)[] Plain =
    [
        ("#!AMR-WB\n", "AMR-WB in its own container"), ("#!AMR\n", "AMR in its own container"), ("ADIF", "ADIF with AAC"), (".snd", "AU, Sun's and NeXT's container"), ("FLV", "Flash video (FLV)"), ("wvpk", "WavPack"),
        ("MAC ", "Monkey's Audio"), ("MPCK", "Musepack"), ("MP+", "Musepack"), ("TTA1", "True Audio (TTA)"), ("DSD ", "DSF with DSD"), ("FRM8", "DSDIFF with DSD"), (".RMF", "RealMedia"), (".ra\u00FD", "RealAudio"), ("Creative Voice File", "Creative VOC"),
        ("NIST_1A", "NIST SPHERE"),
    ];

    private static readonly (ushort Tag, string Codec)[] AsfCodecs =
        [(0x000A, "WMA Voice"), (0x0055, "MP3"), (0x0160, "WMA"), (0x0161, "WMA"), (0x0162, "WMA Pro"), (0x0163, "WMA Lossless"), (0x0001, "PCM"), (0x00FF, "AAC"), (0x1610, "AAC")];

    private static ReadOnlySpan<byte> AsfHeader => [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11];

    private static ReadOnlySpan<byte> AsfAudioStream => [0x40, 0x9E, 0x69, 0xF8, 0x4D, 0x5B, 0xCF, 0x11, 0xA8, 0xFD, 0x00, 0x80, 0x5F, 0x5C, 0x44, 0x2B];

    /// <summary>What a recording is, as part of a sentence: <c>it is MP4 with AAC</c>; what it begins with where that is unknown.</summary>
    /// <param name="source">The recording on its first byte, where it stays.</param>
    /// <param name="path">Its file, in which the index of an MP4 file may stand at the end.</param>
    public static string Describe(ByteSource source, string? path)
    {
        ReadOnlySpan<byte> data = source.Peek(SearchBytes);
        if (Name(data, path) is string name)
        {
            return $"it is {name}";
        }

        ReadOnlySpan<byte> head = data[..Math.Min(12, data.Length)];
        return head.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? $"it begins with the bytes {Convert.ToHexString(head[..Math.Min(4, head.Length)])}"
            : $"it begins with the text '{Encoding.ASCII.GetString(head)}'";
    }

    private static string? Name(ReadOnlySpan<byte> data, string? path)
    {
        foreach ((string magic, string name) in Plain)
        {
            if (data.StartsWith(Encoding.Latin1.GetBytes(magic)))
            {
                return name;
            }
        }

        return data switch
        {
            { Length: < 12 } => null,
            _ when data[4..].StartsWith("ftyp"u8) => With(Mp4Name(data.Slice(8, 4)), Mp4Codec(data) ?? Mp4CodecOf(path)),
            _ when data[4..].StartsWith("moov"u8) || data[4..].StartsWith("mdat"u8) || data[4..].StartsWith("wide"u8) => With("QuickTime", Mp4Codec(data) ?? Mp4CodecOf(path)),
            _ when data.StartsWith(AsfHeader) => With("ASF", AsfCodec(data)),
            _ when data.StartsWith("FORM"u8) && data[8..].StartsWith("AIFC"u8) => With("AIFF-C", After(data, "COMM"u8, 26)),
            _ when data.StartsWith("FORM"u8) && data[8..].StartsWith("AIFF"u8) => "AIFF with PCM",
            _ when data.StartsWith("caff"u8) => With("CAF", After(data, "desc"u8, 20)),
            _ when data.StartsWith("RIFF"u8) && data[8..].StartsWith("AVI "u8) => "AVI, a video",
            _ when data.StartsWith((ReadOnlySpan<byte>)[0, 0, 1, 0xBA]) => "an MPEG program stream, a video",
            _ when data[0] == 0x47 && data.Length > 376 && data[188] == 0x47 && data[376] == 0x47 => "an MPEG transport stream",
            _ when data.StartsWith((ReadOnlySpan<byte>)[0x0B, 0x77]) => "AC-3 without a container",
            _ when data[0] == 0x56 && (data[1] & 0xE0) == 0xE0 => "LOAS with AAC",
            _ when IsAdts(data) => "ADTS with AAC",
            _ => null,
        };
    }

    private static string With(string container, string? codec) => codec is null ? container : $"{container} with {codec}";

    private static string Mp4Name(ReadOnlySpan<byte> brand) => brand.StartsWith("M4A"u8) || brand.StartsWith("M4B"u8) ? "MP4 (M4A)" : brand.StartsWith("qt"u8) ? "QuickTime" : brand.StartsWith("3g"u8) ? "3GP" : "MP4";

    // The sample descriptions of all tracks stand in boxes of this name: version, count, and a length before each code.
    private static string? Mp4Codec(ReadOnlySpan<byte> data)
    {
        while (data.IndexOf("stsd"u8) is int at and >= 0)
        {
            data = data[at..];
            if (data.Length >= 20 && CodecOf(data.Slice(16, 4)) is string codec)
            {
                return codec;
            }

            data = data["stsd"u8.Length..];
        }

        return null;
    }

    // Goes from box to box to the index, which recorders write last.
    private static string? Mp4CodecOf(string? path)
    {
        const int MostBoxes = 64;
        if (path is null)
        {
            return null;
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var header = new byte[16];
            for (int box = 0; box < MostBoxes && file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length; box++)
            {
                if (header.AsSpan(4).StartsWith("moov"u8))
                {
                    var index = new byte[SearchBytes];
                    return Mp4Codec(index.AsSpan(0, file.ReadAtLeast(index, index.Length, throwOnEndOfStream: false)));
                }

                const int WithLongSize = 1;
                long size = BinaryPrimitives.ReadUInt32BigEndian(header);
                size = size == WithLongSize ? (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(8)), long.MaxValue / 2) : size;
                if (size < 8 || size > file.Length - file.Position + header.Length)
                {
                    return null;
                }

                file.Position += size - header.Length;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The name of the container is enough.
        }

        return null;
    }

    private static string? AsfCodec(ReadOnlySpan<byte> data)
    {
        // From the kind of stream to its format: another identifier, times, lengths, flags.
        const int FormatOffset = 54;
        int at = data.IndexOf(AsfAudioStream);
        if (at < 0 || data.Length < at + FormatOffset + 2)
        {
            return null;
        }

        ushort tag = BinaryPrimitives.ReadUInt16LittleEndian(data[(at + FormatOffset)..]);
        return AsfCodecs.FirstOrDefault(entry => entry.Tag == tag).Codec;
    }

    private static string? After(ReadOnlySpan<byte> data, ReadOnlySpan<byte> chunk, int offset)
    {
        int at = data.IndexOf(chunk);
        return at >= 0 && data.Length >= at + offset + 4 ? CodecOf(data.Slice(at + offset, 4)) : null;
    }

    private static string? CodecOf(ReadOnlySpan<byte> code)
    {
        string letters = Encoding.Latin1.GetString(code);
        return FourLetterCodecs.FirstOrDefault(entry => entry.Code == letters).Codec;
    }

    // Two headers in a row, the first of which tells the distance.
    private static bool IsAdts(ReadOnlySpan<byte> data)
    {
        if (!IsHeader(data))
        {
            return false;
        }

        int length = (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5;
        return length > 7 && (data.Length <= length || IsHeader(data[length..]));

        static bool IsHeader(ReadOnlySpan<byte> bytes) => bytes.Length > 6 && bytes[0] == 0xFF && (bytes[1] & 0xF6) == 0xF0;
    }
}
