using Diarist.Audio;

namespace Diarist.Asr;

/// <summary>Reads pieces of a recording, in order, while decoding it once.</summary>
internal sealed class PieceSamples : IDisposable
{
    private const int BlockSamples = 1 << 16;

    private readonly MonoStream _mono;
    private readonly float[] _block = new float[BlockSamples];
    private long _position;

    /// <summary>Opens a recording.</summary>
    /// <exception cref="InputException">It cannot be read or decoded.</exception>
    public PieceSamples(string audioPath)
        : this(AudioReader.Open(audioPath))
    {
    }

    /// <summary>Reads an open recording, which is closed with this.</summary>
    public PieceSamples(AudioStream audio) => _mono = new MonoStream(audio);

    /// <summary>Takes samples block by block.</summary>
    /// <param name="block">Mono samples at 16 kHz.</param>
    public delegate void BlockAction(ReadOnlySpan<float> block);

    /// <summary>Reads a stretch that does not begin before the last one ended; what lies beyond the recording's end is left out.</summary>
    /// <param name="from">Its first sample.</param>
    /// <param name="to">The sample behind its last.</param>
    /// <param name="use">Gets its samples.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public void Read(long from, long to, BlockAction use, CancellationToken cancellationToken)
    {
        Advance(from - _position, _ => { }, cancellationToken);
        Advance(to - _position, use, cancellationToken);
    }

    public void Dispose() => _mono.Dispose();

    private void Advance(long count, BlockAction use, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int read = _mono.Read(_block.AsSpan(0, (int)Math.Min(count, BlockSamples)));
            if (read == 0)
            {
                return;
            }

            use(_block.AsSpan(0, read));
            _position += read;
            count -= read;
        }
    }
}
