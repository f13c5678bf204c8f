using System.Globalization;

namespace Diarist.Audio.Codecs;

/// <summary>
/// A recording that is decoded in blocks of the codec's own length. The subclass decodes a block or asks for silence;
/// what stands before the sound and behind it is cut here.
/// </summary>
internal abstract class BlockAudioStream : AudioStream
{
    private float[] _block = [];
    private int _next;
    private int _end;
    private long _silence;
    private bool _ended;

    /// <summary>Wraps the bytes of a recording, which it owns.</summary>
    protected BlockAudioStream(ByteSource source) => Source = source;

    /// <summary>The bytes.</summary>
    protected ByteSource Source { get; }

    /// <summary>Frames delivered and to be delivered so far.</summary>
    protected long Delivered { get; private set; }

    /// <summary>Where in the recording that is, for messages.</summary>
    protected string Time => Seconds(Delivered);

    /// <inheritdoc/>
    public sealed override int Read(Span<float> interleaved)
    {
        int channels = Info.Channels;
        ArgumentOutOfRangeException.ThrowIfLessThan(interleaved.Length, channels, nameof(interleaved));
        while (_silence == 0 && _next == _end)
        {
            if (_ended || !DecodeBlock())
            {
                _ended = true;
                return 0;
            }
        }

        int room = interleaved.Length / channels;
        if (_silence > 0)
        {
            int silent = (int)Math.Min(room, _silence);
            interleaved[..(silent * channels)].Clear();
            _silence -= silent;
            return silent;
        }

        int frames = Math.Min(room, _end - _next);
        _block.AsSpan(_next * channels, frames * channels).CopyTo(interleaved);
        _next += frames;
        return frames;
    }

    /// <inheritdoc/>
    public override void Dispose() => Source.Dispose();

    /// <summary>Decodes the next block and passes what is to be heard of it to <see cref="Deliver"/> or <see cref="DeliverSilence"/>.</summary>
    /// <returns>Whether there was one; it may deliver nothing.</returns>
    protected abstract bool DecodeBlock();

    /// <summary>Delivers frames of a block, which stays untouched until the next call of <see cref="DecodeBlock"/>.</summary>
    protected void Deliver(float[] block, int start, int frames)
    {
        (_block, _next, _end) = (block, start, start + frames);
        Delivered += frames;
    }

    /// <summary>Delivers silence before the block that this call of <see cref="DecodeBlock"/> delivers.</summary>
    protected void DeliverSilence(long frames)
    {
        _silence += frames;
        Delivered += frames;
    }

    /// <summary>A number of frames as seconds, for messages.</summary>
    protected string Seconds(long frames) => string.Create(CultureInfo.InvariantCulture, $"{frames / (double)Info.SampleRate:0.000} s");
}
