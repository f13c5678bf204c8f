namespace Diarist.Audio;

/// <summary>
/// A recording as everything downstream wants it: one channel at 16 kHz, decoded, down-mixed (see <see cref="Downmix"/>)
/// and resampled as a stream. A mono recording at 16 kHz passes bit for bit.
/// </summary>
public sealed class MonoStream : IDisposable
{
    /// <summary>Samples per second of the result.</summary>
    public const int SampleRate = 16_000;

    private const int MaxFramesPerRead = 4096;
    private const int BlocksPerSecond = 10;
    private const int MaxSamplesPerRead = 32_768;

    private readonly AudioStream _source;
    private readonly int? _channel;
    private readonly Resampler? _resampler;
    private readonly Downmix? _downmix;
    private readonly float[] _interleaved;
    private readonly float[] _mono;
    private int _monoNext;
    private int _monoEnd;
    private bool _sourceEnded;

    /// <summary>Wraps a recording, which it owns.</summary>
    /// <param name="source">The recording.</param>
    /// <param name="channel">The only channel to take, from 0; all are mixed when <see langword="null"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The recording has no such channel.</exception>
    public MonoStream(AudioStream source, int? channel = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (channel is int index)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index, nameof(channel));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, source.Info.Channels, nameof(channel));
        }

        _source = source;
        _channel = channel;
        _resampler = Info.SampleRate == SampleRate ? null : new Resampler(Info.SampleRate, SampleRate);
        _downmix = Info.Channels > 1 && channel is null ? new Downmix(Info.Channels, Info.SampleRate) : null;
        int framesPerRead = Math.Clamp(Math.Min(MaxSamplesPerRead / Info.Channels, Info.SampleRate / BlocksPerSecond), 1, MaxFramesPerRead);
        _interleaved = GC.AllocateArray<float>(framesPerRead * Info.Channels, pinned: true);
        _mono = GC.AllocateArray<float>(framesPerRead, pinned: true);
    }

    /// <summary>What the recording says about itself (its own rate and channels, not those of the result).</summary>
    public AudioInfo Info => _source.Info;

    /// <summary>What was wrong and could be survived; complete once <see cref="Read"/> has returned 0.</summary>
    public IReadOnlyList<string> Warnings => _downmix?.Warning is string warning ? [.. _source.Warnings, $"{Info.Name}: {warning}"] : _source.Warnings;

    /// <summary>Samples of the result, when that is known before decoding.</summary>
    public long? Length => Info.Frames is long frames ? _resampler?.OutputLength(frames) ?? frames : null;

    /// <summary>Delivers the next samples.</summary>
    /// <returns>The number of samples; fewer than asked for only at the end, 0 after it.</returns>
    /// <exception cref="AudioFormatException">The recording is damaged; the message holds the byte offset.</exception>
    public int Read(Span<float> samples)
    {
        int count = 0;
        while (count < samples.Length)
        {
            int step = _resampler is null ? TakeMono(samples[count..]) : _resampler.Read(samples[count..]);
            count += step;
            if (step == 0 && !ReadSource())
            {
                break;
            }
        }

        return count;
    }

    /// <summary>Delivers all samples that are left.</summary>
    public float[] ReadToEnd()
    {
        // A header may promise anything; its word is good for an hour.
        var samples = new float[Math.Clamp(Length ?? 0, 1, 3600 * SampleRate)];
        int count = 0;
        while (true)
        {
            int read = Read(samples.AsSpan(count));
            count += read;
            if (read == 0 || count < samples.Length)
            {
                return count == samples.Length ? samples : samples[..count];
            }

            Array.Resize(ref samples, (int)Math.Min(Array.MaxLength, 2L * samples.Length));
        }
    }

    /// <summary>Ends reading. The buffers do not move and are overwritten, so that nothing of a voice stays in memory.</summary>
    public void Dispose()
    {
        _source.Dispose();
        Array.Clear(_interleaved);
        Array.Clear(_mono);
        _resampler?.Clear();
    }

    private int TakeMono(Span<float> samples)
    {
        int count = Math.Min(samples.Length, _monoEnd - _monoNext);
        _mono.AsSpan(_monoNext, count).CopyTo(samples);
        _monoNext += count;
        return count;
    }

    // Decodes some more; false when nothing can come any more.
    private bool ReadSource()
    {
        if (_sourceEnded)
        {
            return false;
        }

        int frames = ReadBlock();
        if (frames == 0)
        {
            _sourceEnded = true;
            _resampler?.Complete();
            return _resampler is not null;
        }

        DownMix(_interleaved.AsSpan(0, frames * Info.Channels), _mono.AsSpan(0, frames));
        _monoNext = 0;
        _monoEnd = frames;
        _resampler?.Write(_mono.AsSpan(0, frames));
        return true;
    }

    // Blocks of one size, however the decoder delivers, so that the mix does not depend on that.
    private int ReadBlock()
    {
        int count = 0;
        while (count < _mono.Length)
        {
            int frames = _source.Read(_interleaved.AsSpan(count * Info.Channels));
            if (frames == 0)
            {
                break;
            }

            count += frames;
        }

        return count;
    }

    private void DownMix(ReadOnlySpan<float> interleaved, Span<float> mono)
    {
        if (_downmix is not null)
        {
            _downmix.Mix(interleaved, mono);
            return;
        }

        int channels = Info.Channels;
        int channel = _channel ?? 0;
        for (int i = 0; i < mono.Length; i++)
        {
            mono[i] = interleaved[(i * channels) + channel];
        }
    }
}
