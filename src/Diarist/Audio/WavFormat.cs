using System.Buffers.Binary;

namespace Diarist.Audio;

/// <summary>How the samples of a WAV file are coded; the values are its format tags.</summary>
internal enum WavCoding
{
    Integer = 1,
    Float = 3,
    ALaw = 6,
    MuLaw = 7,
}

/// <summary>
/// The fmt chunk of a WAV file. It states the size of a sample three times (bits, block align, byte rate), and writers
/// get one of them wrong; so the sizes that the coding allows are compared with all three, and most votes decide.
/// </summary>
/// <param name="Coding">How samples are coded, also when the file wraps it as WAVE_FORMAT_EXTENSIBLE.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Channels">Samples per frame.</param>
/// <param name="SampleBytes">Bytes of one sample; fewer valid bits sit at its upper end.</param>
/// <param name="Warning">Which fields were overruled; <see langword="null"/> when all agree.</param>
internal sealed record WavFormat(WavCoding Coding, int SampleRate, int Channels, int SampleBytes, string? Warning)
{
    /// <summary>Whether the high byte of a sample comes first, which no WAV header can say.</summary>
    public bool IsHighFirst { get; init; }

    /// <summary>Whether integers of 8 bits have a sign, which no WAV header can say either.</summary>
    public bool IsSignedByte { get; init; }

    private const int ExtensibleTag = 0xFFFE;

    // The tail that every sub-format of WAVE_FORMAT_EXTENSIBLE shares which stands for a plain tag (mmreg.h).
    private static ReadOnlySpan<byte> SubFormatTail => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Reads the body of a chunk.</summary>
    /// <param name="chunk">The body, at least 16 bytes.</param>
    /// <param name="dataBytes">The size that the data chunk states, which breaks a tie; 0 when it states none.</param>
    /// <param name="problem">Why there is no format here, for an error message.</param>
    /// <returns>The format; <see langword="null"/> when the coding is none of <see cref="WavCoding"/> or the fields cannot be reconciled.</returns>
    public static WavFormat? Read(ReadOnlySpan<byte> chunk, long dataBytes, out string problem)
    {
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        var fields = new Fields(
            BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]),
            BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(chunk[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]));
        if (tag == ExtensibleTag)
        {
            // A chunk that ends before the sub-format is plain integers in all files that were seen.
            bool stated = chunk.Length >= 40 && chunk[26..40].SequenceEqual(SubFormatTail);
            tag = stated ? BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]) : chunk.Length < 40 ? (int)WavCoding.Integer : ExtensibleTag;
        }

        problem = $"a WAV file in another coding (format {tag})";
        return (WavCoding)tag is WavCoding.Integer or WavCoding.Float or WavCoding.ALaw or WavCoding.MuLaw ? Reconcile((WavCoding)tag, fields, dataBytes, out problem) : null;
    }

    private static WavFormat? Reconcile(WavCoding coding, Fields fields, long dataBytes, out string problem)
    {
        problem = $"a WAV file whose fmt chunk makes no sense: format {(int)coding}, {fields}";
        int channels = fields.Channels;
        if (channels == 0)
        {
            // Block align and bits tell it when both make sense.
            int bytes = (fields.Bits + 7) / 8;
            channels = bytes > 0 && fields.BlockAlign % bytes == 0 ? fields.BlockAlign / bytes : 0;
            if (channels == 0)
            {
                return null;
            }
        }

        int sampleBytes = 0;
        int mostVotes = 0;
        foreach (int candidate in Sizes(coding))
        {
            int votes = Votes(fields, channels, candidate, dataBytes);
            if (votes > mostVotes)
            {
                (sampleBytes, mostVotes) = (candidate, votes);
            }
        }

        int frameBytes = sampleBytes * channels;
        long rate = fields.Rate is > 0 and <= int.MaxValue ? fields.Rate
            : frameBytes > 0 && fields.ByteRate % frameBytes == 0 ? fields.ByteRate / frameBytes
            : 0;
        if (sampleBytes == 0 || rate is 0 or > int.MaxValue)
        {
            return null;
        }

        // Bits may be fewer than the sample holds, and telephone codings are often said to have the 16 bits they decode to.
        bool bitsAgree = fields.Bits <= sampleBytes * 8 || coding is WavCoding.ALaw or WavCoding.MuLaw;
        bool agree = fields.Channels == channels && fields.Rate == rate && fields.BlockAlign == frameBytes && fields.ByteRate == rate * frameBytes && bitsAgree;
        return new WavFormat(coding, (int)rate, channels, sampleBytes, agree || OnlyByteRateIsOdd(fields, channels, rate, frameBytes, bitsAgree)
            ? null
            : $"the fields of its fmt chunk contradict each other ({fields}); it was read as {channels} {(channels == 1 ? "channel" : "channels")} of {sampleBytes * 8} bits at {rate} Hz");
    }

    // Byte rates of 0, and those that are off while everything else agrees, are common and tell nothing.
    private static bool OnlyByteRateIsOdd(Fields fields, int channels, long rate, int frameBytes, bool bitsAgree) =>
        fields.Channels == channels && fields.Rate == rate && fields.BlockAlign == frameBytes && bitsAgree && fields.ByteRate < (ulong)frameBytes;

    private static ReadOnlySpan<int> Sizes(WavCoding coding) => coding switch
    {
        WavCoding.Integer => [1, 2, 3, 4],
        WavCoding.Float => [4, 8],
        _ => [1],
    };

    // Two for each field that agrees; the bits, which say nothing but this, and a data size that fits break ties.
    private static int Votes(Fields fields, int channels, int sampleBytes, long dataBytes)
    {
        int votes = 0;
        if (fields.Bits > 0 && (fields.Bits + 7) / 8 == sampleBytes)
        {
            votes += 3;
        }

        if (fields.BlockAlign == sampleBytes * channels)
        {
            votes += 2;
        }

        if (fields.ByteRate > 0 && fields.ByteRate == (ulong)fields.Rate * (ulong)(sampleBytes * channels))
        {
            votes += 2;
        }

        // Alone it proves nothing.
        return votes > 0 && dataBytes > 0 && dataBytes % (sampleBytes * channels) != 0 ? votes - 1 : votes;
    }

    private readonly record struct Fields(int Channels, uint Rate, uint ByteRate, int BlockAlign, int Bits)
    {
        public override string ToString() => $"{Channels} channels, {Rate} Hz, {Bits} bits, {BlockAlign} bytes a frame, {ByteRate} bytes a second";
    }
}
