using Diarist.Audio;
using Diarist.Identity;

namespace Diarist.Cli.Remote;

/// <summary>Turns from a server; names, where voices are known, from here.</summary>
/// <param name="server">The server.</param>
/// <param name="options">The bounds of the number of speakers.</param>
/// <param name="diarizer">Hears voices; <see langword="null"/> where none is known.</param>
/// <param name="known">The voices; <see langword="null"/> when none is looked for.</param>
internal sealed class RemoteDiarizer(RemoteServer server, DiarizerOptions options, Diarizer? diarizer, KnownVoices? known)
{
    /// <summary>Diarizes a recording there and names its speakers here.</summary>
    public async Task<(Diarization Diarization, AudioInfo Source)> DiarizeAsync(RecordingOptions recordings, string input, IProgress<DiarizationProgress> progress, CancellationToken cancellationToken)
    {
        string name = input == StandardInput.Argument ? StandardInput.Name : input;
        using var file = RereadableFile.Create(input, cancellationToken);
        byte[] answer;
        using (Stream audio = Open(file.Path, name))
        {
            answer = await server.DiarizeAsync(audio, name, options, progress, cancellationToken).ConfigureAwait(false);
        }

        (Diarization diarization, AudioInfo source, bool ignored) = RemoteAnswer.Read(answer, name);
        if (ignored)
        {
            Messages.Warn(name, "the server's answer holds names or voices, which are ignored");
        }

        if (diarizer is null || known is null)
        {
            return (diarization, source);
        }

        using AudioStream voices = recordings.Open(file.Path);
        return (diarizer.Identify(voices, diarization, known, progress, cancellationToken), source);
    }

    private static FileStream Open(string path, string name)
    {
        try
        {
            FileStream audio = UndecodedPath.TryOpen(path) ?? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
            if (audio.Length > 0)
            {
                return audio;
            }

            audio.Dispose();
            throw new InputException(name, "is empty");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(name, "there is no such file", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(name, $"cannot be read: {error.Message}", error);
        }
    }
}
