using System.Globalization;
using Diarist.Audio.Codecs;

namespace Diarist.Audio.Containers;

/// <summary>Decodes Opus in Matroska and WebM (RFC 9559), from front to back; sizes may be unknown, as in live recordings.</summary>
internal sealed class MatroskaDecoder : PacketAudioStream
{
    // Recorders stamp blocks when they come, not when they were heard; less than this is jitter.
    private const double ToleratedSeconds = 0.04;
    private const double ToleratedOverlapSeconds = 0.1;
    private const double ToldStartSeconds = 0.1;

    private const uint ClusterTime = 0xE7, SimpleBlock = 0xA3, Group = 0xA0, GroupBlock = 0xA1, DiscardPadding = 0x75A2;

    private readonly long _number;
    private readonly int _delay;
    private readonly ulong _tick;
    private ulong _clusterTime;
    private long _promisedEnd;
    private long? _origin;
    private long _clock;
    private bool _hasBegun;
    private bool _hasGoneBack;

    private MatroskaDecoder(ByteSource source, MatroskaTrack track, AudioInfo info, OpusHead head, MatroskaStart start)
        : base(source)
    {
        (_number, _tick, _promisedEnd, Info, Decoder) = (track.Number, start.Tick, start.PromisedEnd, info, new OpusPacketDecoder(head));
        _delay = track.CodecDelay is ulong delay and < 1_000_000_000 ? (int)Math.Round(delay * (OpusPacketDecoder.Rate / 1e9)) : head.PreSkip;
        Skip = _delay;
    }

    /// <inheritdoc/>
    public override AudioInfo Info { get; }

    /// <summary>Looks for Opus; on success the decoder owns <paramref name="source"/>, else it stands on its first byte.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="wanted">The audio track to take, from 1; <see langword="null"/> for the one that is marked as default, else the first.</param>
    /// <param name="whatItIs">What is there instead.</param>
    /// <exception cref="AudioFormatException">It is damaged, ends before its sound, or has no such track.</exception>
    public static MatroskaDecoder? TryOpen(ByteSource source, int? wanted, out string whatItIs)
    {
        whatItIs = "";
        if (!EbmlElement.TryRead(source.Peek(EbmlElement.MaxHeaderBytes), out EbmlElement first) || first.Id != MatroskaStart.Header)
        {
            return null;
        }

        if (MatroskaStart.Read(source) is not { Tracks: { Count: > 0 } tracks } start)
        {
            whatItIs = "it is Matroska without audio tracks at its start";
            source.Rewind();
            return null;
        }

        AudioTrack[] shown = [.. tracks.Select((track, index) => track.Describe(index + 1))];
        if (wanted is int asked && (asked < 1 || asked > shown.Length))
        {
            throw source.Error($"has no audio track {asked}; it holds {shown.Length}: {string.Join(", ", shown.AsEnumerable())}");
        }

        int number = wanted ?? shown.FirstOrDefault(track => track.IsDefault)?.Number ?? 1;
        MatroskaTrack chosen = tracks[number - 1];
        if (chosen.Codec != "A_OPUS" || chosen.IsEncoded || ReadHead(chosen) is not { } head)
        {
            whatItIs = $"it is Matroska with {shown[number - 1].Coding}";
            source.Rewind();
            return null;
        }

        source.ReleaseStart();
        var info = new AudioInfo(source.Name, "Matroska, Opus", OpusPacketDecoder.Rate, head.Channels, 32, null) { Tracks = shown, Track = number };
        var decoder = new MatroskaDecoder(source, chosen, info, head, start);
        if (shown.Length > 1 && wanted is null)
        {
            decoder.Warn($"holds {shown.Length} audio tracks; track {shown[number - 1]} was used and not {string.Join(", ", shown.Where(track => track.Number != number))}");
        }

        return decoder;
    }

    /// <inheritdoc/>
    protected override bool ReadPackets()
    {
        long offset = Source.Position;
        ReadOnlySpan<byte> bytes = Source.Peek(EbmlElement.MaxHeaderBytes);
        if (bytes.IsEmpty)
        {
            return !_hasBegun ? throw Source.Error("ends before its sound begins") : offset < _promisedEnd && EndCut(offset);
        }

        if (!EbmlElement.TryRead(bytes, out EbmlElement element))
        {
            return bytes.Length < EbmlElement.MaxHeaderBytes ? EndCut(offset) : throw Damaged(offset, "there is no element");
        }

        if (element.Id == MatroskaStart.Header)
        {
            Warn($"another recording follows at byte {offset} ({Time}) and was left out");
            return false;
        }

        Source.Advance(element.HeaderBytes);
        if (element.Id is MatroskaStart.Segment or MatroskaStart.Cluster)
        {
            _promisedEnd = MatroskaStart.EndOf(element, Source.Position, _promisedEnd);
            return true;
        }

        if (element.Size < 0)
        {
            throw Damaged(offset, "an element does not state its size");
        }

        try
        {
            return element.Id switch
            {
                ClusterTime => ReadClusterTime(element, offset),
                SimpleBlock or Group => ReadBlock(element, offset),
                _ => Source.TrySkip(element.Size) || EndCut(offset),
            };
        }
        catch (InvalidDataException error)
        {
            throw Damaged(offset, error.Message);
        }
    }

    private static OpusHead? ReadHead(MatroskaTrack track)
    {
        try
        {
            return OpusHead.Read(track.CodecPrivate);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private bool ReadClusterTime(EbmlElement element, long offset)
    {
        ReadOnlySpan<byte> content = Source.Peek((int)Math.Min(8, element.Size));
        if (element.Size > 8)
        {
            throw new InvalidDataException("a time stamp has more than 8 bytes");
        }

        if (content.Length < element.Size)
        {
            return EndCut(offset);
        }

        _clusterTime = Ebml.ReadUnsigned(content);
        Source.Advance(content.Length);
        return true;
    }

    private bool ReadBlock(EbmlElement element, long offset)
    {
        if (element.Size > MaxPacketBytes)
        {
            return IsOfOtherTrack(element) ? Source.TrySkip(element.Size) || EndCut(offset)
                : throw new InvalidDataException($"a block of {element.Size} bytes is more than the {MaxPacketBytes} that are read");
        }

        ReadOnlySpan<byte> content = Source.Peek((int)element.Size);
        if (content.Length < element.Size)
        {
            return EndCut(offset);
        }

        ReadOnlySpan<byte> block = content;
        long discarded = 0;
        if (element.Id == Group)
        {
            ReadOnlySpan<byte> rest = content;
            block = default;
            while (Ebml.TryTake(ref rest, out uint id, out ReadOnlySpan<byte> child))
            {
                block = id == GroupBlock ? child : block;
                discarded = id == DiscardPadding ? Ebml.ReadSigned(child) : discarded;
            }
        }

        if (!MatroskaBlock.TryRead(block, out long track, out short time, out ReadOnlySpan<byte> packets))
        {
            throw new InvalidDataException("a block is cut");
        }

        long position = FramesAt((Int128)_clusterTime + time);
        Begin(position);
        if (track == _number)
        {
            AddPackets(packets, position - _origin!.Value, discarded);
        }

        Source.Advance(content.Length);
        return true;
    }

    private bool IsOfOtherTrack(EbmlElement element)
    {
        ReadOnlySpan<byte> start = Source.Peek(EbmlElement.MaxHeaderBytes + MatroskaBlock.MaxHeaderBytes);
        if (element.Id == Group)
        {
            start = EbmlElement.TryRead(start, out EbmlElement child) && child.Id == GroupBlock ? start[child.HeaderBytes..] : default;
        }

        return MatroskaBlock.TryRead(start, out long track, out _, out _) && track != _number;
    }

    // The clock of the recording begins with its first block, of whatever track.
    private void Begin(long position)
    {
        if (_origin is null && position > ToldStartSeconds * Info.SampleRate)
        {
            Warn($"its clock starts at {Seconds(position)}; times are counted from there");
        }

        _origin ??= position;
    }

    private void AddPackets(ReadOnlySpan<byte> packets, long position, long discarded)
    {
        if (End != long.MaxValue)
        {
            // The block before was cut at its end, and was not the last.
            (_clock, Position, End) = (End, End, long.MaxValue);
        }

        Place(position);
        int[] lengths = MatroskaBlock.ReadLacing(ref packets);
        foreach (int length in lengths)
        {
            _clock += Decoder.Measure(packets[..length]);
            Enqueue(packets[..length]);
            packets = packets[length..];
        }

        if (discarded > 0)
        {
            End = Math.Max(Position, _clock - (long)Math.Round(Math.Min(discarded, 1_000_000_000) * (Info.SampleRate / 1e9)));
        }

        _hasBegun = true;
    }

    // Compares where a block begins by its own word with where the packets before it end.
    private void Place(long position)
    {
        long gap = position - _clock;
        if (gap > (_hasBegun ? ToleratedSeconds * Info.SampleRate : 0))
        {
            FillTime(gap, isLoss: _hasBegun, isConcealed: false);
            _clock = position;
        }
        else if (gap < -ToleratedOverlapSeconds * Info.SampleRate)
        {
            if (!_hasGoneBack)
            {
                Warn($"the time stamps go back by {Seconds(-gap)} at {Time}; what overlaps was cut");
            }

            _hasGoneBack = true;
            Skip += -gap;
            (_clock, Position) = (position, position);
        }
    }

    private long FramesAt(Int128 ticks) => (long)Int128.Clamp(ticks * _tick * OpusPacketDecoder.Rate / 1_000_000_000, -(1L << 50), 1L << 50);

    private bool EndCut(long offset)
    {
        if (!_hasBegun)
        {
            throw Source.Error("ends before its sound begins");
        }

        Warn($"the file is cut at byte {offset}; {Time} are there and were used");
        _ = Source.TrySkip(long.MaxValue);
        return false;
    }

    private AudioFormatException Damaged(long offset, string problem) =>
        Source.Error(string.Create(CultureInfo.InvariantCulture, $"is damaged at byte {offset} ({Time}): {problem}"));
}
