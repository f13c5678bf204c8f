namespace Diarist.Audio;

/// <summary>
/// Writes a recording of 16-bit samples as a stream. The file appears under its name when <see cref="Complete"/> is
/// called; disposing without that leaves nothing behind.
/// </summary>
public abstract class AudioWriter : IDisposable
{
    private const int SamplesPerPiece = 4096;

    private readonly OutputFile _file;
    private readonly short[] _piece = new short[SamplesPerPiece];

    /// <summary>Starts the file.</summary>
    protected AudioWriter(string path, int sampleRate, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 2);
        SampleRate = sampleRate;
        Channels = channels;
        _file = new OutputFile(path);
    }

    /// <summary>Frames per second.</summary>
    protected int SampleRate { get; }

    /// <summary>Samples per frame, 1 or 2.</summary>
    protected int Channels { get; }

    /// <summary>The bytes of the file.</summary>
    protected Stream Output => _file.Stream;

    /// <summary>A writer of FLAC when the path ends in <c>.flac</c>, else of WAV.</summary>
    public static AudioWriter Create(string path, int sampleRate, int channels = 1) =>
        path.EndsWith(".flac", StringComparison.OrdinalIgnoreCase)
            ? new FlacWriter(path, sampleRate, channels)
            : new WavWriter(path, sampleRate, channels);

    /// <summary>Rounds a sample in [−1, 1] to 16 bits; what is beyond is clipped.</summary>
    public static short Quantize(float sample) => (short)Math.Clamp(MathF.Round(sample * 32768), short.MinValue, short.MaxValue);

    /// <summary>Writes samples in [−1, 1], interleaved, rounded by <see cref="Quantize"/>.</summary>
    public void Write(ReadOnlySpan<float> interleaved)
    {
        while (!interleaved.IsEmpty)
        {
            int count = Math.Min(interleaved.Length, SamplesPerPiece);
            for (int i = 0; i < count; i++)
            {
                _piece[i] = Quantize(interleaved[i]);
            }

            Write(_piece.AsSpan(0, count));
            interleaved = interleaved[count..];
        }
    }

    /// <summary>Writes samples, interleaved.</summary>
    public abstract void Write(ReadOnlySpan<short> interleaved);

    /// <summary>Writes what is outstanding and gives the file its name.</summary>
    public void Complete()
    {
        Finish();
        _file.Commit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes what is outstanding and corrects the header.</summary>
    protected abstract void Finish();

    /// <summary>Frees what the writer holds.</summary>
    protected virtual void Release()
    {
    }
}
