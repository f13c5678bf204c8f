namespace Diarist.Audio.Containers;

/// <summary>What a Matroska file says before its first cluster.</summary>
/// <param name="Tracks">Its audio tracks.</param>
/// <param name="Tick">What its time stamps count, in nanoseconds.</param>
/// <param name="PromisedEnd">The byte that the file reaches to by its own word; 0 when it does not say.</param>
internal sealed record MatroskaStart(IReadOnlyList<MatroskaTrack> Tracks, ulong Tick, long PromisedEnd)
{
    /// <summary>Identifiers of elements (RFC 9559).</summary>
    public const uint Header = 0x1A45DFA3, Segment = 0x18538067, Cluster = 0x1F43B675;

    private const uint SegmentInfo = 0x1549A966, TrackList = 0x1654AE6B, TickLength = 0x2AD7B1;

    // What stands before the first cluster is kept until it is known who decodes.
    private const int MaxBytes = 16 << 20;

    /// <summary>Reads up to the first cluster.</summary>
    /// <returns><see langword="null"/> when there are no tracks before it, or too much else.</returns>
    /// <exception cref="AudioFormatException">It is damaged, or ends before.</exception>
    public static MatroskaStart? Read(ByteSource source)
    {
        List<MatroskaTrack>? tracks = null;
        ulong tick = 1_000_000;
        long end = 0;
        while (EbmlElement.TryRead(source.Peek(EbmlElement.MaxHeaderBytes), out EbmlElement element))
        {
            if (element.Id == Cluster)
            {
                return tracks is null ? null : new MatroskaStart(tracks, tick, end);
            }

            long offset = source.Position;
            source.Advance(element.HeaderBytes);
            if (element.Id == Segment)
            {
                end = EndOf(element, source.Position, end);
                continue;
            }

            if (element.Size < 0 || element.Size > MaxBytes - source.Position)
            {
                return null;
            }

            ReadOnlySpan<byte> content = source.Peek((int)element.Size);
            if (content.Length < element.Size)
            {
                break;
            }

            try
            {
                tracks = element.Id == TrackList ? MatroskaTrack.ReadAudio(content) : tracks;
                tick = element.Id == SegmentInfo ? ReadTick(content, tick) : tick;
            }
            catch (InvalidDataException error)
            {
                throw source.Error($"is damaged near byte {offset}: {error.Message}");
            }

            source.Advance((int)element.Size);
        }

        throw source.Error($"is damaged or ends before its sound begins (byte {source.Position})");
    }

    /// <summary>How far a file reaches, once the header of one more element is known.</summary>
    /// <param name="element">The element.</param>
    /// <param name="position">The byte that its content begins at.</param>
    /// <param name="end">How far the elements before reach.</param>
    public static long EndOf(EbmlElement element, long position, long end) => element.Size < 0 ? end : Math.Max(end, position + element.Size);

    private static ulong ReadTick(ReadOnlySpan<byte> info, ulong tick)
    {
        while (Ebml.TryTake(ref info, out uint id, out ReadOnlySpan<byte> content))
        {
            tick = id == TickLength ? Ebml.ReadUnsigned(content) : tick;
        }

        return tick is > 0 and <= 1_000_000_000 ? tick : throw new InvalidDataException($"its time stamps count {tick} ns");
    }
}
