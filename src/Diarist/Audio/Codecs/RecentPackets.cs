namespace Diarist.Audio.Codecs;

/// <summary>The last packets of a stream, which bring a decoder that takes over to the state of the one before it.</summary>
internal sealed class RecentPackets
{
    // Of frames of 2.5 ms each energy keeps nine tenths of the one before it, so a hundred packets leave nothing of the first state.
    private const int MaxPackets = 100, MaxBytes = 1 << 16;

    private readonly Queue<int> _sizes = new();
    private byte[] _data = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Keeps a packet; what is older than the last hundred packets or than 64 KiB is forgotten.</summary>
    public void Add(ReadOnlySpan<byte> packet)
    {
        if (packet.Length > MaxBytes)
        {
            Clear();
            return;
        }

        while (_sizes.Count == MaxPackets || _end - _start + packet.Length > MaxBytes)
        {
            _start += _sizes.Dequeue();
        }

        if (_end + packet.Length > _data.Length)
        {
            MakeRoom(packet.Length);
        }

        packet.CopyTo(_data.AsSpan(_end));
        _end += packet.Length;
        _sizes.Enqueue(packet.Length);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _sizes.Clear();
        (_start, _end) = (0, 0);
    }

    /// <summary>Hands out the oldest one and forgets it.</summary>
    public bool TryTake(out ReadOnlySpan<byte> packet)
    {
        packet = default;
        if (!_sizes.TryDequeue(out int size))
        {
            return false;
        }

        packet = _data.AsSpan(_start, size);
        _start += size;
        return true;
    }

    // Packets are moved to the front seldom, as there is twice the room for them.
    private void MakeRoom(int more)
    {
        int length = _end - _start;
        byte[] data = 2 * (length + more) > _data.Length ? new byte[4 * (length + more)] : _data;
        _data.AsSpan(_start, length).CopyTo(data);
        (_data, _start, _end) = (data, 0, length);
    }
}
