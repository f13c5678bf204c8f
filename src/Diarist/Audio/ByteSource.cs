namespace Diarist.Audio;

/// <summary>
/// A forward-only, buffered view of a stream that lets decoders look ahead, knows the byte offset of everything for
/// error messages, and can go back to the start as long as <see cref="ReleaseStart"/> has not been called.
/// </summary>
internal sealed class ByteSource : IDisposable
{
    private const int InitialCapacity = 1 << 16;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private byte[] _buffer = GC.AllocateArray<byte>(InitialCapacity, pinned: true);
    private int _next;
    private int _end;
    private long _bufferOffset;
    private bool _ended;
    private bool _holdsStart = true;

    /// <summary>Wraps <paramref name="stream"/>, which it owns unless told to leave it open.</summary>
    public ByteSource(Stream stream, string name, bool leaveOpen = false)
    {
        _stream = stream;
        _leaveOpen = leaveOpen;
        Name = name;
        Length = stream.CanSeek ? stream.Length - stream.Position : null;
    }

    /// <summary>The recording as the user named it.</summary>
    public string Name { get; }

    /// <summary>All bytes from the first to the last, when the stream knows.</summary>
    public long? Length { get; }

    /// <summary>The offset of the next byte.</summary>
    public long Position => _bufferOffset + _next;

    /// <summary>Up to <paramref name="count"/> of the next bytes, without consuming them; fewer only at the end of the stream.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_end - _next < count && !_ended)
        {
            Fill(count);
        }

        return _buffer.AsSpan(_next, Math.Min(count, _end - _next));
    }

    /// <summary>Consumes bytes that were seen by <see cref="Peek"/>.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _end - _next);
        _next += count;
    }

    /// <summary>Consumes bytes unseen.</summary>
    /// <returns>Whether there were so many.</returns>
    public bool TrySkip(long count)
    {
        while (count > 0)
        {
            int step = Peek((int)Math.Min(count, InitialCapacity)).Length;
            if (step == 0)
            {
                return false;
            }

            Advance(step);
            count -= step;
        }

        return true;
    }

    /// <summary>Goes back to the first byte.</summary>
    public void Rewind()
    {
        if (!_holdsStart)
        {
            throw new InvalidOperationException("The start of the stream has been released.");
        }

        _next = 0;
    }

    /// <summary>Stops keeping the start, so that memory stays constant from here on.</summary>
    public void ReleaseStart() => _holdsStart = false;

    /// <summary>Copies everything that is left, piece by piece; more than <paramref name="limit"/> bytes are an error.</summary>
    /// <exception cref="AudioFormatException">There are more.</exception>
    public void CopyRemainingTo(Stream target, long limit)
    {
        for (long copied = 0; ;)
        {
            ReadOnlySpan<byte> piece = Peek(1);
            if (piece.IsEmpty)
            {
                return;
            }

            piece = _buffer.AsSpan(_next, _end - _next);
            copied += piece.Length;
            if (copied > limit)
            {
                throw Error($"is longer than {limit >> 30} GiB; decode it to WAV or FLAC first, which are read without a copy");
            }

            target.Write(piece);
            Advance(piece.Length);
        }
    }

    /// <summary>The error that says what is wrong with the recording.</summary>
    public AudioFormatException Error(string problem) => new(Name, problem);

    /// <summary>Ends reading. What was read may be somebody's voice: the buffer does not move and is overwritten, so that nothing of it stays in memory.</summary>
    public void Dispose()
    {
        Array.Clear(_buffer);
        if (!_leaveOpen)
        {
            _stream.Dispose();
        }
    }

    private void Fill(int count)
    {
        if (!_holdsStart && _next > 0)
        {
            _buffer.AsSpan(_next, _end - _next).CopyTo(_buffer);
            _bufferOffset += _next;
            _end -= _next;
            _next = 0;
        }

        while (_end - _next < count)
        {
            if (_end == _buffer.Length)
            {
                Grow((long)_next + count);
            }

            int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                _ended = true;
                return;
            }

            _end += read;
        }
    }

    // With the bytes that are there, because what a damaged file asks for need not be. In the end twice what is asked, so that a
    // caller that always peeks this far does not move bytes on each call.
    private void Grow(long needed)
    {
        long doubled = 2L * _buffer.Length;
        byte[] before = _buffer;
        _buffer = GC.AllocateArray<byte>((int)Math.Min(Array.MaxLength, doubled < needed ? doubled : 2 * needed), pinned: true);
        before.AsSpan(0, _end).CopyTo(_buffer);
        Array.Clear(before);
    }
}
