using Diarist.Audio;
using Diarist.Processes;

namespace Diarist.Asr;

/// <summary>A recording as a 16 kHz mono WAV in a temporary folder, for recognizers that read nothing else; gone when disposed.</summary>
internal sealed class RecognizerAudio : IDisposable
{
    private const int BlockSamples = 1 << 16;

    private readonly TemporaryFolder _folder = new();

    /// <summary>Converts a recording.</summary>
    /// <exception cref="InputException">It cannot be read or decoded.</exception>
    public RecognizerAudio(string audioPath, CancellationToken cancellationToken)
    {
        WavPath = _folder.PathOf("audio.wav");
        try
        {
            using var mono = new MonoStream(AudioReader.Open(audioPath));
            using AudioWriter wav = AudioWriter.Create(WavPath, MonoStream.SampleRate);
            float[] block = new float[BlockSamples];
            for (int read; (read = mono.Read(block)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                wav.Write(block.AsSpan(0, read));
            }

            wav.Complete();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The WAV file.</summary>
    public string WavPath { get; }

    /// <summary>Another path in the same folder, for what the recognizer writes.</summary>
    public string PathFor(string file) => _folder.PathOf(file);

    public void Dispose() => _folder.Dispose();
}
