using System.CommandLine;
using Diarist.Audio;
using Diarist.Sessions;

namespace Diarist.Cli.Commands;

/// <summary><c>--save FILE</c>: keeps what was heard for corrections.</summary>
internal static class SessionSaving
{
    private static readonly Option<string?> Save = new("--save") { Description = "Keep what was heard in a session file, for `diarist session`. It holds voiceprints and is readable by its owner only.", HelpName = "FILE" };

    public static void AddTo(Command command) => command.Options.Add(Save);

    /// <summary>The options with the file, once it is certain that a session can be kept.</summary>
    public static RecordingOptions Read(ParseResult parsed, RecordingOptions recordings, string[] inputs)
    {
        string? path = parsed.GetValue(Save);
        if (path is null)
        {
            return recordings;
        }

        return inputs.Length > 1 || recordings.Separates ? throw new UsageException("--save keeps one recording with all its channels together.")
            : DiarizerArguments.Read(parsed).Recipe != Recipe.Segments ? throw new UsageException($"--save needs the recipe {Recipe.Segments}.")
            : recordings with { Session = path };
    }

    public static (Diarization Diarization, AudioInfo Source) Diarize(RecordingOptions recordings, Diarizer diarizer, string[] files, IProgress<DiarizationProgress>? progress, CancellationToken cancellationToken)
    {
        if (recordings.Session is not { } path)
        {
            return recordings.Diarize(diarizer, files, progress, cancellationToken);
        }

        using AudioStream audio = recordings.Open(files[0]);
        DiarizationSession session = recordings.Known is { } known ? diarizer.Listen(audio, known, progress, cancellationToken) : diarizer.Listen(audio, progress, cancellationToken);
        Write(session, path);
        Console.Error.WriteLine($"diarist: {path} keeps voiceprints of the speakers; `diarist session forget-voices {SessionCommand.Quoted(path)}` removes them.");
        return (session.Diarization, audio.Info);
    }

    /// <summary>Writes a session; an error names its file.</summary>
    public static void Write(DiarizationSession session, string path) => OutputTarget.Guard(path, () => session.Save(path));
}
