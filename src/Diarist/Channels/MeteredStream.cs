using Diarist.Audio;

namespace Diarist.Channels;

/// <summary>A recording that is measured while somebody else reads it: its power in each 10 ms.</summary>
internal sealed class MeteredStream(AudioStream source) : AudioStream
{
    /// <summary>Frames of the measurement in a second.</summary>
    public const int FramesPerSecond = 100;

    private readonly List<float> _powers = [];
    private long _position;
    private double _sum;
    private int _count;
    private int _warnings;

    /// <inheritdoc/>
    public override AudioInfo Info => source.Info;

    /// <summary>The mean square of the samples of each 10 ms read so far, all channels together.</summary>
    public IReadOnlyList<float> Powers => _powers;

    /// <inheritdoc/>
    public override int Read(Span<float> interleaved)
    {
        int frames = source.Read(interleaved);
        int channels = Info.Channels;
        for (int i = 0; i < frames; i++)
        {
            foreach (float sample in interleaved.Slice(i * channels, channels))
            {
                _sum += sample * (double)sample;
            }

            _count += channels;
            _position++;
            if (_position * FramesPerSecond / Info.SampleRate > _powers.Count)
            {
                EndFrame();
            }
        }

        if (frames == 0 && _count > 0)
        {
            EndFrame();
        }

        // The source tells what it found only as it is read.
        for (; _warnings < source.Warnings.Count; _warnings++)
        {
            Forward(source.Warnings[_warnings]);
        }

        return frames;
    }

    /// <inheritdoc/>
    public override void Dispose() => source.Dispose();

    private void EndFrame()
    {
        _powers.Add((float)(_sum / _count));
        (_sum, _count) = (0, 0);
    }
}
