using System.CommandLine;
using Diarist.Audio;
using Diarist.Formats;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist diarize</c>: who spoke when.</summary>
internal static class DiarizeCommand
{
    private static readonly Argument<string[]> Inputs = new("audio") { Arity = ArgumentArity.OneOrMore, Description = "Recordings; - reads standard input." };
    private static readonly Option<string> Format = OptionFactory.Choice("--format", "What to write.", "text", "rttm", "json");
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "A file, or a folder that gets one file for each recording; without it, standard output." };
    private static readonly Option<bool> Exclusive = new("--exclusive") { Description = "One speaker at a time: overlap goes to the stronger voice (text and rttm; json always holds both)." };
    private static readonly Option<bool> Timing = new("--timing") { Description = "Add the seconds of each stage to the JSON (which then differs from run to run)." };
    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "No progress, no warnings." };

    public static Command Create()
    {
        var command = new Command("diarize", "Who spoke when in a recording.") { Inputs, Format, Output, Exclusive, Timing, Quiet };
        SessionSaving.AddTo(command);
        AudioArguments.AddTo(command, files: true);
        DiarizerArguments.AddTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string[] inputs = parsed.GetRequiredValue(Inputs);
        string format = parsed.GetRequiredValue(Format);
        bool quiet = parsed.GetValue(Quiet);
        RecordingOptions recordings = SessionSaving.Read(parsed, AudioArguments.Read(parsed), inputs);
        IReadOnlyList<string> ids = RecordingIds.For(inputs);

        // Files of one conversation are one recording, which has the first one's name.
        string[][] conversations = recordings.JoinsFiles ? [inputs] : [.. inputs.Select(input => (string[])[input])];
        inputs = [.. conversations.Select(files => files[0])];
        var outputs = OutputTarget.Create(parsed.GetValue(Output), inputs, format switch { "json" => ".json", "rttm" => ".rttm", _ => ".txt" });
        if (format == "json" && inputs.Length > 1 && outputs.IsStandardOutput)
        {
            throw new UsageException("several recordings as JSON need --output DIR, one document each.");
        }

        DiarizerOptions options = DiarizerArguments.Read(parsed) with { Clock = parsed.GetValue(Timing) ? TimeProvider.System : null };
        recordings.Check(recordings.JoinsFiles ? conversations[0] : inputs);
        Diarizer diarizer = await DiarizerArguments.LoadAsync(parsed, recordings.ForEach(options), cancellationToken).ConfigureAwait(false);

        var failures = new List<DiaristException>();
        foreach ((string[] files, string id) in conversations.Zip(ids))
        {
            try
            {
                Diarize(diarizer, recordings, files, id, format, parsed.GetValue(Exclusive), quiet, outputs, cancellationToken);
            }
            catch (InputException error) when (inputs.Length > 1)
            {
                Console.Error.WriteLine($"diarist: {error.Message}");
                failures.Add(error);
            }
        }

        if (failures.Count > 0)
        {
            throw new InputException($"{failures.Count} of {inputs.Length} recordings", "they could not be diarized, see above.");
        }
    }

    private static void Diarize(Diarizer diarizer, RecordingOptions recordings, string[] files, string id, string format, bool exclusive, bool quiet, OutputTarget outputs, CancellationToken cancellationToken)
    {
        Diarization diarization;
        AudioInfo source;
        using (var progress = new ProgressLine(files[0], quiet))
        {
            (diarization, source) = SessionSaving.Diarize(recordings, diarizer, files, progress, cancellationToken);
        }

        DiarizerArguments.Warn(source.Name, diarization, quiet);

        outputs.Write(files[0], stream =>
        {
            if (format == "json")
            {
                DiarizationJson.Write(stream, diarization, source);
                return;
            }

            using var writer = OutputTarget.TextWriter(stream);
            if (format == "rttm")
            {
                Rttm.Write(writer, id, exclusive ? diarization.ExclusiveTurns : diarization.Turns);
            }
            else
            {
                TimelineText.Write(writer, diarization, source, exclusive);
            }
        });
    }
}
