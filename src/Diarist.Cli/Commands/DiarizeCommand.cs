using System.CommandLine;
using Diarist.Audio;
using Diarist.Cli.Remote;
using Diarist.Formats;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist diarize</c>: who spoke when.</summary>
internal static class DiarizeCommand
{
    private static readonly Argument<string[]> Inputs = new("audio") { Arity = ArgumentArity.OneOrMore, Description = "Recordings; - reads standard input." };
    private static readonly Option<string?> Format = FormatOption();
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "A file, or a folder that gets one file for each recording; without it, standard output." };
    private static readonly Option<bool> Exclusive = new("--exclusive") { Description = "One speaker at a time: overlap goes to the stronger voice (text and rttm; json always holds both)." };
    private static readonly Option<bool> Timing = new("--timing") { Description = "Add the seconds of each stage to the JSON (which then differs from run to run)." };

    /// <summary>The option that names one of the forms of a timeline, several of them, or all.</summary>
    internal static Option<string?> FormatOption() => new("--format")
    {
        Description = $"What to write: {OutputFormats.List(OutputFormats.Timeline)}, several with commas between, or all. Default: what the name of the output says, else text.",
        HelpName = "FORMATS",
    };

    /// <summary>The forms that are asked for, by option or by the output's extension; text otherwise.</summary>
    internal static IReadOnlyList<OutputFormat> Formats(ParseResult parsed, Option<string?> format, Option<string?> output) =>
        OutputFormats.Choose(parsed.GetValue(format), parsed.GetValue(output), OutputFormats.Timeline) is { Count: > 0 } chosen ? chosen : [OutputFormats.Text];

    public static Command Create()
    {
        var command = new Command("diarize", "Who spoke when in a recording.") { Inputs, Format, Output, Exclusive, Timing };
        NameArguments.AddTo(command);
        TurnArguments.AddTo(command);
        SessionSaving.AddTo(command);
        VoiceArguments.AddTo(command);
        AudioArguments.AddTo(command, files: true);
        DiarizerArguments.AddTo(command);
        ServerArguments.AddTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string[] inputs = RecordingIds.Once(parsed.GetRequiredValue(Inputs));
        using RemoteServer? server = ServerArguments.Open(parsed);
        RecordingOptions recordings = SessionSaving.Read(parsed, AudioArguments.Read(parsed), inputs);
        IReadOnlyList<string> ids = RecordingIds.For(inputs);
        string? nameFile = NameArguments.FileOf(parsed);

        // Files of one conversation are one recording, which has the first one's name.
        string[][] conversations = recordings.JoinsFiles ? [inputs] : [.. inputs.Select(input => (string[])[input])];
        string[] rest = recordings.JoinsFiles ? inputs[1..] : [];
        inputs = [.. conversations.Select(files => files[0])];
        IReadOnlyList<OutputFormat> formats = Formats(parsed, Format, Output);
        var outputs = OutputTarget.Create(parsed.GetValue(Output), inputs, formats, [.. rest, .. nameFile is null ? [] : (string[])[nameFile]]);
        Dictionary<string, string> names = NameArguments.Read(parsed);
        if (formats.Contains(OutputFormats.Json) && inputs.Length > 1 && outputs.IsStandardOutput)
        {
            throw new UsageException("several recordings as JSON need --output DIR, one document each.");
        }

        DiarizerOptions options = DiarizerArguments.Read(parsed) with { Clock = parsed.GetValue(Timing) ? TimeProvider.System : null };
        recordings = VoiceArguments.AddTo(recordings, VoiceArguments.Read(parsed));
        if (server is null)
        {
            recordings.Check(recordings.JoinsFiles ? conversations[0] : inputs);
        }

        // A server needs networks here only for names.
        Diarizer? diarizer = server is not null && recordings.Known is null ? null
            : await DiarizerArguments.LoadAsync(parsed, recordings.ForEach(options), cancellationToken).ConfigureAwait(false);
        if (recordings.Known is not null)
        {
            VoiceArguments.RequireSameNetwork(parsed, recordings.Known, diarizer!);
        }

        RemoteDiarizer? remote = server is null ? null : new RemoteDiarizer(server, options, diarizer, recordings.Known);
        Task<(Diarization, AudioInfo)> FindAsync(string[] files, IProgress<DiarizationProgress> progress) => remote is null
            ? Task.FromResult(SessionSaving.Diarize(recordings, diarizer!, files, progress, cancellationToken))
            : remote.DiarizeAsync(recordings, files[0], progress, cancellationToken);

        var failures = new List<DiaristException>();
        foreach ((string[] files, string id) in conversations.Zip(ids))
        {
            try
            {
                await DiarizeAsync(FindAsync, files, id, formats, parsed, names, outputs).ConfigureAwait(false);
            }
            catch (InputException error) when (inputs.Length > 1)
            {
                Console.Error.WriteLine($"diarist: {error.Message}");
                failures.Add(error);
            }
        }

        if (failures.Count > 0)
        {
            throw new InputException($"{failures.Count} of {inputs.Length} recordings", "some recordings could not be diarized, see above.");
        }
    }

    private static async Task DiarizeAsync(
        Func<string[], IProgress<DiarizationProgress>, Task<(Diarization, AudioInfo)>> find, string[] files, string id, IReadOnlyList<OutputFormat> formats, ParseResult parsed, Dictionary<string, string> names, OutputTarget outputs)
    {
        Diarization diarization;
        AudioInfo source;
        using (var progress = new ProgressLine(files[0]))
        {
            (diarization, source) = await find(files, progress).ConfigureAwait(false);
        }

        DiarizerArguments.Warn(source.Name, diarization, showsCertainty: formats.Any(format => format == OutputFormats.Text || format == OutputFormats.Json));
        diarization = diarization.WithRecognizedNames();
        NameArguments.Check(names, [.. diarization.Speakers.Select(speaker => speaker.Label)], files[0]);
        Diarization shown = TurnArguments.Apply(parsed, diarization.WithNames(names));
        foreach (OutputFormat format in formats)
        {
            outputs.Write(files[0], format, stream => Write(stream, format, shown, source, id, parsed.GetValue(Exclusive)));
        }
    }

    /// <summary>Writes turns in one form.</summary>
    internal static void Write(Stream stream, OutputFormat format, Diarization diarization, AudioInfo source, string id, bool exclusive)
    {
        if (format == OutputFormats.Json)
        {
            DiarizationJson.Write(stream, diarization, source);
            return;
        }

        using var writer = OutputTarget.TextWriter(stream);
        if (format == OutputFormats.Rttm)
        {
            Rttm.Write(writer, id, exclusive ? diarization.ExclusiveTurns : diarization.Turns);
        }
        else
        {
            TimelineText.Write(writer, diarization, source, exclusive);
        }
    }
}
