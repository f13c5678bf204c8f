using Diarist.Audio;
using Diarist.Processes;

namespace Diarist.Asr;

/// <summary>Cuts pieces out of a recording, in order, while reading it once; each is a WAV that lasts until the next is made.</summary>
internal sealed class PieceReader : IDisposable
{
    private const int BlockSamples = 1 << 16;

    private readonly TemporaryFolder _folder;
    private readonly MonoStream _mono;
    private readonly float[] _block = new float[BlockSamples];
    private long _position;

    /// <summary>Opens a recording.</summary>
    /// <exception cref="InputException">It cannot be read or decoded.</exception>
    public PieceReader(string audioPath)
    {
        _mono = new MonoStream(AudioReader.Open(audioPath));
        _folder = new TemporaryFolder();
    }

    /// <summary>Writes a piece that does not begin before the last one ended; what lies beyond the recording's end is left out.</summary>
    /// <returns>The path of the WAV.</returns>
    public string Write(SpeechPiece piece, CancellationToken cancellationToken)
    {
        string path = _folder.PathOf("piece.wav");
        using AudioWriter wav = AudioWriter.Create(path, MonoStream.SampleRate);
        Read(piece.From - _position, _ => { }, cancellationToken);
        Read(piece.To - piece.From, block => wav.Write(block), cancellationToken);
        wav.Complete();
        return path;
    }

    public void Dispose()
    {
        _mono.Dispose();
        _folder.Dispose();
    }

    private void Read(long count, BlockAction use, CancellationToken cancellationToken)
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

    private delegate void BlockAction(ReadOnlySpan<float> block);
}
