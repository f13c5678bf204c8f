namespace Diarist.Audio;

/// <summary>What a look at the first samples of a WAV file says about their format, before anything is decoded.</summary>
/// <param name="Format">The format to read them in.</param>
/// <param name="IsDecided">Whether the samples confirmed or overruled the header; otherwise they go on voting.</param>
/// <param name="Warning">What was overruled; <see langword="null"/> where nothing was.</param>
internal sealed record SampleLook(WavFormat Format, bool IsDecided, string? Warning)
{
    // Frames of a block; every size of sample divides it.
    private const int BlockFrames = 6144;

    // A pipe may be live, and its first samples wait so long at most.
    private const int MostSecondsOfPipe = 2;
    private const int MostBytes = 1 << 20;

    // Frames of more channels than anybody records are read as the header says.
    private const int MostBlockBytes = 4 << 20;

    /// <summary>Looks at what follows the header, which stays to be read.</summary>
    /// <param name="source">The file on its first sample.</param>
    /// <param name="header">What was in front of it.</param>
    public static SampleLook At(ByteSource source, WavHeader header)
    {
        WavFormat stated = header.Format;
        long frameBytes = (long)stated.SampleBytes * stated.Channels;
        long blockBytes = BlockFrames * frameBytes;
        if (blockBytes > MostBlockBytes)
        {
            return new SampleLook(stated, IsDecided: true, Warning: null);
        }

        long most = Math.Min(Math.Max(MostBytes, blockBytes), header.DataBytes ?? long.MaxValue);
        if (source.Length is null)
        {
            most = Math.Min(most, MostSecondsOfPipe * frameBytes * stated.SampleRate);
        }

        var vote = new SampleVote(stated);
        for (int start = 0; start < most;)
        {
            int end = (int)Math.Min(start + blockBytes, most);
            ReadOnlySpan<byte> bytes = source.Peek(end);
            int length = Math.Min(bytes.Length, end) - start;
            length -= (int)(length % frameBytes);
            if (length <= 0)
            {
                break;
            }

            if (vote.Add(bytes.Slice(start, length)) is WavFormat format)
            {
                return Decided(stated, format, source.Position);
            }

            start = end;
        }

        if (vote.Conclude() is WavFormat last)
        {
            return Decided(stated, last, source.Position);
        }

        string? doubt = vote.LooksCompressed
            ? $"its samples (from byte {source.Position} on) are noise of all values, as compressed or encrypted data in a header of plain samples would be"
            : vote.Doubt is WavFormat other
            ? $"its header says {Describe(stated, other)}, but its samples (from byte {source.Position} on) may be {Describe(other, stated)}; they were read as the header says"
            : null;
        return new SampleLook(stated, IsDecided: false, doubt);
    }

    /// <summary>The warning that a header does not say what its samples are.</summary>
    public static string Contradiction(WavFormat stated, WavFormat seen, long place) =>
        $"its header says {Describe(stated, seen)}, but from byte {place} on its samples are {Describe(seen, stated)}; they were read so";

    private static SampleLook Decided(WavFormat stated, WavFormat seen, long place) =>
        new(seen, IsDecided: true, seen == stated ? null : Contradiction(stated, seen, place));

    private static string Describe(WavFormat format, WavFormat beside)
    {
        string name = PcmLayout.Of(format).Name;
        return format.Channels == beside.Channels ? name : $"{name} in {format.Channels} {(format.Channels == 1 ? "channel" : "channels")}";
    }
}
