namespace Diarist.Audio;

/// <summary>One channel of a recording.</summary>
internal sealed class ChannelStream : AudioStream
{
    private readonly AudioStream _source;
    private readonly int _channel;
    private float[] _frames = [];
    private int _warnings;

    /// <summary>Takes a channel, from 1; the recording is owned from here on.</summary>
    /// <exception cref="AudioFormatException">There is no such channel.</exception>
    public ChannelStream(AudioStream source, int channel)
    {
        int channels = source.Info.Channels;
        if (channel < 1 || channel > channels)
        {
            source.Dispose();
            throw new AudioFormatException(source.Info.Name, $"has no channel {channel}; it has {channels}");
        }

        (_source, _channel) = (source, channel - 1);
        Info = source.Info with { Channels = 1 };
    }

    /// <inheritdoc/>
    public override AudioInfo Info { get; }

    /// <inheritdoc/>
    public override int Read(Span<float> interleaved)
    {
        int channels = _source.Info.Channels;
        if (_frames.Length < interleaved.Length * channels)
        {
            _frames = new float[interleaved.Length * channels];
        }

        int count = _source.Read(_frames.AsSpan(0, interleaved.Length * channels));
        for (int i = 0; i < count; i++)
        {
            interleaved[i] = _frames[(i * channels) + _channel];
        }

        // The source tells what it found only as it is read.
        for (; _warnings < _source.Warnings.Count; _warnings++)
        {
            Forward(_source.Warnings[_warnings]);
        }

        return count;
    }

    /// <inheritdoc/>
    public override void Dispose() => _source.Dispose();
}
