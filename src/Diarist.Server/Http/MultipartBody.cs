using System.Security.Cryptography;
using System.Text;

namespace Diarist.Server.Http;

/// <summary>
/// The parts of a multipart body, one after the other (RFC 2046, section 5.1). All bytes go through one buffer that does not move and that is overwritten
/// in the end; ASP.NET Core's reader copies them through arrays of a shared pool, where voices of people would stay.
/// </summary>
internal sealed class MultipartBody : IDisposable
{
    private const int BufferBytes = 64 << 10;
    private const int MostHeaders = 16;
    private const int MostHeaderBytes = 8 << 10;

    private readonly Stream _source;
    private readonly byte[] _delimiter;
    private readonly byte[] _buffer = GC.AllocateArray<byte>(BufferBytes, pinned: true);
    private int _start;
    private int _end;
    private bool _partEnded;

    /// <summary>Wraps a body.</summary>
    /// <param name="source">The body; the caller disposes it.</param>
    /// <param name="boundary">What stands between the parts, at most 200 characters.</param>
    public MultipartBody(Stream source, string boundary)
    {
        (_source, _delimiter) = (source, Encoding.UTF8.GetBytes($"\r\n--{boundary}"));

        // The first delimiter may stand at the beginning, where no line ends before it.
        _buffer[0] = (byte)'\r';
        _buffer[1] = (byte)'\n';
        _end = 2;
        Content = new PartStream(this);
    }

    /// <summary>The content of the part that <see cref="NextAsync"/> found last, to be read to its end or not.</summary>
    public Stream Content { get; }

    /// <summary>Goes to the next part.</summary>
    /// <returns>Its header Content-Disposition, empty when it has none; <see langword="null"/> after the last part.</returns>
    /// <exception cref="InvalidDataException">The body is malformed or ends too early.</exception>
    public async Task<string?> NextAsync(CancellationToken cancellationToken)
    {
        // What stands before the first part is skipped too.
        while (!_partEnded)
        {
            int skipped = await AvailableAsync(cancellationToken).ConfigureAwait(false);
            _start += skipped;
        }

        while (_end - _start < 2)
        {
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_buffer.AsSpan(_start, 2).SequenceEqual("--"u8))
        {
            await SkipRestAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }

        int room = MostHeaderBytes;
        string line = await LineAsync(room, cancellationToken).ConfigureAwait(false);
        if (line.AsSpan().Trim(" \t").Length > 0)
        {
            throw new InvalidDataException("A boundary goes on in its line.");
        }

        string disposition = "";
        for (int headers = 0; (line = await LineAsync(room, cancellationToken).ConfigureAwait(false)).Length > 0; headers++)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || headers == MostHeaders)
            {
                throw new InvalidDataException("A part has a malformed header, or too many.");
            }

            room -= line.Length;
            disposition = line.AsSpan(0, colon).Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase) ? line[(colon + 1)..].Trim() : disposition;
        }

        _partEnded = false;
        return disposition;
    }

    /// <summary>Overwrites the buffer.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_buffer);

    /// <summary>Bytes of the part at the beginning of the buffer, one or more; 0 when its delimiter was there, which is consumed.</summary>
    private async ValueTask<int> AvailableAsync(CancellationToken cancellationToken)
    {
        while (!_partEnded)
        {
            Span<byte> held = _buffer.AsSpan(_start, _end - _start);
            int at = held.IndexOf(_delimiter);
            if (at == 0)
            {
                _start += _delimiter.Length;
                _partEnded = true;
                break;
            }

            // What may be the beginning of a delimiter waits for the rest.
            int sure = at > 0 ? at : held.Length - _delimiter.Length + 1;
            if (sure > 0)
            {
                return sure;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        return 0;
    }

    private async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        int count = Math.Min(target.Length, await AvailableAsync(cancellationToken).ConfigureAwait(false));
        _buffer.AsSpan(_start, count).CopyTo(target.Span);
        _start += count;
        return count;
    }

    private async Task<string> LineAsync(int most, CancellationToken cancellationToken)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            if (_end - _start > most)
            {
                break;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        if (length < 0 || length > most)
        {
            throw new InvalidDataException("The headers of a part are too long.");
        }

        string line = Encoding.UTF8.GetString(_buffer, _start, length);
        _start += length + 2;
        return line;
    }

    private async Task SkipRestAsync(CancellationToken cancellationToken)
    {
        int left = MostHeaderBytes;
        for (int read; (read = await _source.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            left -= read;
            if (left < 0)
            {
                throw new InvalidDataException("Too much follows the last part.");
            }
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        int read = await _source.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read > 0 ? read : throw new InvalidDataException("The body ends before its last boundary.");
    }

    private sealed class PartStream(MultipartBody body) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => body.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
