namespace Diarist.Formats;

/// <summary>Names files that are taken for transcripts or turns and are neither, by their first bytes: recordings, documents and archives.</summary>
internal static class OtherFile
{
    private const int Looked = 1024;

    private static readonly (int At, byte[] Magic, string What)[] Kinds =
    [
        (0, [.. "ID3"u8], Recording("MP3")), (0, [0xFF, 0xFB], Recording("MP3")), (0, [0xFF, 0xFA], Recording("MP3")), (0, [0xFF, 0xF3], Recording("MP3")), (0, [0xFF, 0xF2], Recording("MP3")),
        (0, [0xFF, 0xF1], Recording("AAC")), (0, [0xFF, 0xF9], Recording("AAC")), (8, [.. "WAVE"u8], Recording("WAV")), (8, [.. "AVI "u8], Recording("AVI")), (0, [.. "fLaC"u8], Recording("FLAC")),
        (0, [.. "OggS"u8], Recording("Ogg")), (4, [.. "ftyp"u8], Recording("MP4 or QuickTime")), (4, [.. "moov"u8], Recording("QuickTime")), (0, [0x1A, 0x45, 0xDF, 0xA3], Recording("WebM or Matroska")),
        (0, [0x30, 0x26, 0xB2, 0x75], Recording("ASF or WMA")), (0, [.. "#!AMR"u8], Recording("AMR")), (0, [.. "FORM"u8], Recording("AIFF")), (0, [.. "caff"u8], Recording("CAF")),
        (0, [.. "%PDF-"u8], "a PDF document; export its text with times, such as SRT, from the program that wrote it"),
        (30, [.. "session.json"u8], "a session; export its turns as RTTM or JSON, or its words"),
        (0, [.. "PK\u0003\u0004"u8], "a ZIP archive, as Word documents and spreadsheets are; unpack it, or export text, SRT or CSV from the program that wrote it"),
        (0, [0xD0, 0xCF, 0x11, 0xE0], "an old Word or Excel file; export text or CSV from the program that wrote it"),
        (0, [0x1F, 0x8B], "compressed with gzip; unpack it first"),
    ];

    /// <summary>What the bytes are, as the end of a sentence with the remedy; null where they may be a transcript.</summary>
    public static string? Describe(ReadOnlySpan<byte> bytes)
    {
        // A text holds no NUL; some of these signs are letters.
        ReadOnlySpan<byte> start = bytes[..Math.Min(bytes.Length, Looked)];
        foreach ((int at, byte[] magic, string what) in Kinds)
        {
            if (start.Length > at && start[at..].StartsWith(magic) && (start.Contains((byte)0) || magic.Length > 4))
            {
                return what;
            }
        }

        return null;
    }

    private static string Recording(string format) => $"a recording ({format}); what is needed here is a file with the words or turns of a recording and their times";
}
