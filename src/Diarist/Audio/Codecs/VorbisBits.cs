namespace Diarist.Audio.Codecs;

/// <summary>Reads the bits of a Vorbis packet, least significant first; past the end there are zeros, and <see cref="IsPastEnd"/> says so.</summary>
internal ref struct VorbisBits(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _next;

    /// <summary>Whether more was read than there is.</summary>
    public readonly bool IsPastEnd => _next > 8L * _bytes.Length;

    /// <summary>Reads up to 32 bits.</summary>
    public uint Read(int count)
    {
        uint value = 0;
        for (int done = 0; done < count;)
        {
            int bit = (int)(_next & 7), step = Math.Min(count - done, 8 - bit);
            long at = _next >> 3;
            uint bits = at < _bytes.Length ? (uint)_bytes[(int)at] >> bit & ((1u << step) - 1) : 0;
            value |= bits << done;
            done += step;
            _next += step;
        }

        return value;
    }

    /// <summary>Reads one bit.</summary>
    public bool ReadFlag() => Read(1) != 0;

    /// <summary>Passes over bits.</summary>
    public void Skip(long count) => _next = Math.Min(_next + count, (8L * _bytes.Length) + 1);
}
