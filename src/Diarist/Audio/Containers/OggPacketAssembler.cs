namespace Diarist.Audio.Containers;

/// <summary>Joins the packets of one logical stream, which may begin on one page and end on a later one.</summary>
/// <param name="maxPacketBytes">Longer packets are dropped.</param>
internal sealed class OggPacketAssembler(int maxPacketBytes)
{
    private readonly List<Range> _packets = [];
    private byte[] _data = [];
    private int _length;
    private int _packetStart;
    private bool _isWithin;
    private bool _isTooLong;
    private uint _sequence;

    /// <summary>The packets that are whole, as ranges of <see cref="Data"/>.</summary>
    public IReadOnlyList<Range> Packets => _packets;

    /// <summary>Their bytes.</summary>
    public ReadOnlySpan<byte> Data => _data.AsSpan(0, _length);

    /// <summary>Starts with the first page of a logical stream, which holds one whole packet that is not kept.</summary>
    public void Begin(OggPage page)
    {
        _sequence = page.Sequence;
        _packets.Clear();
        (_length, _packetStart, _isWithin, _isTooLong) = (0, 0, false, false);
    }

    /// <summary>Adds a page.</summary>
    /// <returns>Whether something is missing before it.</returns>
    public bool Add(OggPage page, ReadOnlySpan<byte> lacing, ReadOnlySpan<byte> body)
    {
        bool isHole = page.Sequence != ++_sequence || page.IsContinued != _isWithin;
        _sequence = page.Sequence;
        bool isLost = isHole && page.IsContinued;
        if (isHole)
        {
            _length = _packetStart;
            _isTooLong = false;
        }

        _isWithin = page.IsContinued;
        foreach (byte segment in lacing)
        {
            if (!isLost)
            {
                Append(body[..segment]);
            }

            body = body[segment..];
            _isWithin = segment == byte.MaxValue;
            if (!_isWithin)
            {
                EndPacket(isLost);
                isLost = false;
            }
        }

        return isHole;
    }

    /// <summary>Forgets the whole packets.</summary>
    public void Release()
    {
        _data.AsSpan(_packetStart, _length - _packetStart).CopyTo(_data);
        _length -= _packetStart;
        _packetStart = 0;
        _packets.Clear();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        _isTooLong |= _length - _packetStart + bytes.Length > maxPacketBytes;
        if (_isTooLong)
        {
            _length = _packetStart;
            return;
        }

        if (_length + bytes.Length > _data.Length)
        {
            Array.Resize(ref _data, Math.Max(_length + bytes.Length, 2 * _data.Length));
        }

        bytes.CopyTo(_data.AsSpan(_length));
        _length += bytes.Length;
    }

    // A packet that was too long is left as an empty one, so that headers keep their order.
    private void EndPacket(bool isLost)
    {
        if (!isLost)
        {
            _packets.Add(_packetStart.._length);
        }

        _packetStart = _length;
        _isTooLong = false;
    }
}
