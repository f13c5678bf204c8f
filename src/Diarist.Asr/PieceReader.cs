using Diarist.Audio;
using Diarist.Processes;

namespace Diarist.Asr;

/// <summary>Cuts pieces out of a recording, in order, while reading it once; each is a WAV that lasts until the next is made.</summary>
internal sealed class PieceReader : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly PieceSamples _samples;

    /// <summary>Opens a recording.</summary>
    /// <exception cref="InputException">It cannot be read or decoded.</exception>
    public PieceReader(string audioPath)
        : this(AudioReader.Open(audioPath))
    {
    }

    /// <summary>Cuts an open recording, which is closed with this.</summary>
    public PieceReader(AudioStream audio)
    {
        _samples = new PieceSamples(audio);
        _folder = new TemporaryFolder();
    }

    /// <summary>Writes a piece that does not begin before the last one ended; what lies beyond the recording's end is left out.</summary>
    /// <returns>The path of the WAV.</returns>
    public string Write(SpeechPiece piece, CancellationToken cancellationToken)
    {
        string path = _folder.PathOf("piece.wav");
        using AudioWriter wav = AudioWriter.Create(path, MonoStream.SampleRate);
        _samples.Read(piece.From, piece.To, block => wav.Write(block), cancellationToken);
        wav.Complete();
        return path;
    }

    public void Dispose()
    {
        _samples.Dispose();
        _folder.Dispose();
    }
}
