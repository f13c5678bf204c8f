namespace Diarist.Audio.Containers;

/// <summary>
/// Reads Matroska and WebM from front to back, as a recorder writes them: Segments and Clusters may be of unknown size, and
/// there need be no index. Clusters and the Segment are gone into, everything else has its size. Where the bytes make no sense,
/// it goes on with the next Cluster.
/// </summary>
internal sealed class MatroskaReader(ByteSource source)
{
    /// <summary>The longest block of sound that is kept.</summary>
    public const int MaxBlockBytes = 1 << 20;

    private const int MaxHeadBytes = 4 << 20;
    private const int MaxUnknownBytes = 64 << 10;
    private const double DefaultScale = 1_000_000;

    // Track, time and flags of a block.
    private const int MaxBlockHeaderBytes = 11;

    private double _scale = DefaultScale;
    private double _clusterTime;
    private long _clusterEnd = long.MaxValue;
    private long _segmentEnd = long.MaxValue;
    private bool _awaitsTracks = true;
    private byte[] _block = [];

    /// <summary>What the file calls itself: <c>webm</c> or <c>matroska</c>.</summary>
    public string DocType { get; private set; } = "";

    /// <summary>The tracks of the segment that is being read; <see langword="null"/> before they are described.</summary>
    public IReadOnlyList<MatroskaTrack>? Tracks { get; private set; }

    /// <summary>Segments whose tracks were described so far; recordings that were put one behind the other have several.</summary>
    public int Segments { get; private set; }

    /// <summary>Bytes that were passed over because they make no sense.</summary>
    public long JunkBytes { get; private set; }

    /// <summary>Where the first of them stands.</summary>
    public long FirstJunk { get; private set; }

    /// <summary>Whether the file ends within an element.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Reads up to the next block, or to where a further segment describes its tracks.</summary>
    /// <param name="wanted">The track whose blocks are kept; of others the header alone is read. 0 keeps none.</param>
    /// <param name="block">The block; <see cref="MatroskaBlock.Data"/> is valid until the next call. Without a track where a segment begins.</param>
    /// <returns>Whether it goes on.</returns>
    public bool TryReadBlock(ulong wanted, out MatroskaBlock block)
    {
        block = default;
        while (TryReadHeader(out EbmlElement element))
        {
            int segments = Segments;
            bool isBlock = element.Id is MatroskaId.SimpleBlock or MatroskaId.BlockGroup;
            if (isBlock && element.Size is long size)
            {
                long end = Begin(element) + size;
                bool isWhole = element.Id == MatroskaId.SimpleBlock ? TryReadBlock(wanted, end, out block) : TryReadGroup(wanted, end, out block);
                if (isWhole && Tracks is not null)
                {
                    return true;
                }
            }
            else if (isBlock || !TryTake(element))
            {
                Resynchronize();
            }

            if (IsCut || Segments != segments)
            {
                return !IsCut;
            }
        }

        return false;
    }

    /// <summary>Reads until the tracks are known.</summary>
    /// <param name="limit">The byte where they must have begun.</param>
    /// <returns>Whether they are.</returns>
    public bool TryReadTracks(long limit)
    {
        while (Tracks is null && source.Position < limit && TryReadHeader(out EbmlElement element))
        {
            if (element.Id is MatroskaId.SimpleBlock or MatroskaId.BlockGroup || !TryTake(element) || IsCut)
            {
                return false;
            }
        }

        return Tracks is not null;
    }

    private bool TryReadHeader(out EbmlElement element)
    {
        while (true)
        {
            ReadOnlySpan<byte> bytes = source.Peek(EbmlElement.MaxHeaderBytes);
            if (bytes.IsEmpty)
            {
                element = default;
                IsCut |= _segmentEnd != long.MaxValue && source.Position < _segmentEnd;
                return false;
            }

            if (EbmlElement.TryRead(bytes, out element) && IsWithinCluster(element))
            {
                return true;
            }

            Resynchronize();
        }
    }

    // A child that ends behind its cluster is damaged, or the size of the cluster is.
    private bool IsWithinCluster(EbmlElement element)
    {
        if (source.Position >= _clusterEnd)
        {
            _clusterEnd = long.MaxValue;
        }

        return _clusterEnd == long.MaxValue || source.Position + element.HeaderBytes + (element.Size ?? 0) <= _clusterEnd;
    }

    private long Begin(EbmlElement element)
    {
        source.Advance(element.HeaderBytes);
        return source.Position;
    }

    // Everything but blocks.
    private bool TryTake(EbmlElement element)
    {
        switch (element.Id)
        {
            case MatroskaId.Segment:
                _segmentEnd = EndOf(element);
                _awaitsTracks = true;
                (_scale, _clusterTime, _clusterEnd) = (DefaultScale, 0, long.MaxValue);
                Begin(element);
                return true;
            case MatroskaId.Cluster:
                _clusterEnd = EndOf(element);
                _clusterTime = 0;
                Begin(element);
                return true;
            case MatroskaId.Ebml:
            case MatroskaId.Info:
            case MatroskaId.Tracks:
            case MatroskaId.Timestamp:
                return element.Size <= MaxHeadBytes && TakeBody(element);
            default:
                return element.Size is long size && (MatroskaId.IsPassedOver(element.Id) || size <= MaxUnknownBytes) && Skip(Begin(element) + size);
        }
    }

    private long EndOf(EbmlElement element) => element.Size is long size ? source.Position + element.HeaderBytes + size : long.MaxValue;

    private bool TakeBody(EbmlElement element)
    {
        int size = (int)element.Size!.Value;
        Begin(element);
        ReadOnlySpan<byte> body = source.Peek(size);
        if (body.Length < size)
        {
            IsCut = true;
            return true;
        }

        switch (element.Id)
        {
            case MatroskaId.Tracks when _awaitsTracks:
                Tracks = MatroskaTrack.ReadAll(body);
                Segments++;
                _awaitsTracks = false;
                break;
            case MatroskaId.Tracks:
                // Live streams repeat them.
                break;
            case MatroskaId.Timestamp:
                _clusterTime = EbmlElement.ReadUnsigned(body);
                break;
            default:
                TakeHead(body);
                break;
        }

        source.Advance(size);
        return true;
    }

    private void TakeHead(ReadOnlySpan<byte> head)
    {
        while (EbmlElement.TryTake(ref head, out uint id, out ReadOnlySpan<byte> body))
        {
            if (id == MatroskaId.DocType)
            {
                DocType = body.StartsWith("webm"u8) ? "webm" : "matroska";
            }
            else if (id == MatroskaId.TimestampScale && EbmlElement.ReadUnsigned(body) is ulong scale and > 0)
            {
                _scale = scale;
            }
        }
    }

    private bool Skip(long end)
    {
        IsCut |= !source.TrySkip(end - source.Position);
        return true;
    }

    private bool TryReadGroup(ulong wanted, long end, out MatroskaBlock block)
    {
        block = default;
        bool isFound = false;
        while (source.Position < end)
        {
            if (!EbmlElement.TryRead(source.Peek(EbmlElement.MaxHeaderBytes), out EbmlElement element) || element.Size is not long size || EndOf(element) > end)
            {
                Resynchronize();
                return isFound;
            }

            long childEnd = Begin(element) + size;
            if (element.Id == MatroskaId.Block)
            {
                isFound = TryReadBlock(wanted, childEnd, out block);
            }
            else if (element.Id == MatroskaId.DiscardPadding && size <= sizeof(long) && source.Peek((int)size) is { } body && body.Length == size)
            {
                block = block with { DiscardNanoseconds = EbmlElement.ReadSigned(body) };
            }

            Skip(childEnd);
            if (IsCut)
            {
                return isFound;
            }
        }

        return isFound;
    }

    // Leaves the source behind the block.
    private bool TryReadBlock(ulong wanted, long end, out MatroskaBlock block)
    {
        block = default;
        long size = end - source.Position;
        ReadOnlySpan<byte> bytes = source.Peek((int)Math.Min(size, MaxBlockHeaderBytes));
        if (!EbmlElement.TryReadNumber(bytes, out ulong track, out int trackBytes) || bytes.Length < trackBytes + 3)
        {
            Skip(end);
            return false;
        }

        short time = (short)EbmlElement.ReadUnsigned(bytes.Slice(trackBytes, 2));
        var lacing = (MatroskaLacing.Kind)(bytes[trackBytes + 2] >> 1 & 3);
        block = new MatroskaBlock(track, (_clusterTime + time) * _scale, lacing, default);
        if (track == wanted && size <= MaxBlockBytes)
        {
            bytes = source.Peek((int)size);
            if (bytes.Length == size)
            {
                _block = _block.Length < size ? new byte[size] : _block;
                bytes.CopyTo(_block);
                block = block with { Data = _block.AsMemory(trackBytes + 3, (int)size - trackBytes - 3) };
            }
        }

        Skip(end);
        return !IsCut;
    }

    private void Resynchronize()
    {
        const int Step = 1 << 14;
        long from = source.Position;
        ReadOnlySpan<byte> cluster = [0x1F, 0x43, 0xB6, 0x75], file = [0x1A, 0x45, 0xDF, 0xA3];
        source.Advance(Math.Min(1, source.Peek(1).Length));
        while (true)
        {
            ReadOnlySpan<byte> bytes = source.Peek(Step);
            int next = bytes.IndexOf(cluster), other = bytes.IndexOf(file);
            next = next < 0 || (other >= 0 && other < next) ? other : next;
            if (next >= 0)
            {
                source.Advance(next);
                break;
            }

            if (bytes.Length < Step)
            {
                source.Advance(bytes.Length);
                break;
            }

            source.Advance(bytes.Length - cluster.Length + 1);
        }

        FirstJunk = JunkBytes == 0 ? from : FirstJunk;
        JunkBytes += source.Position - from;
        _clusterEnd = long.MaxValue;
    }
}
