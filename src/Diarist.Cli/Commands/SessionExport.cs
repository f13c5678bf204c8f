using System.CommandLine;
using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Sessions;
using Diarist.Transcripts;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist session export</c>: the turns of a session as <c>diarize</c> writes them, or its transcript with speakers as <c>annotate</c> does.</summary>
internal static class SessionExport
{
    private static readonly Option<bool> TurnsOnly = new("--turns-only") { Description = "Write the turns, although the session holds a transcript." };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "A file, or a folder; without it, standard output." };
    private static readonly Option<bool> Exclusive = new("--exclusive") { Description = "One speaker at a time (text and rttm of turns)." };

    public static void AddTo(Command command)
    {
        foreach (Option option in (Option[])[TurnsOnly, Output, Exclusive, .. TurnArguments.All])
        {
            command.Options.Add(option);
        }

        AttributionArguments.AddTo(command);
    }

    public static void Run(DiarizationSession session, string path, ParseResult parsed)
    {
        Dictionary<string, string> names = NameArguments.Read(parsed);
        NameArguments.Check(names, [.. session.Diarization.Speakers.Select(speaker => speaker.Label)], path);
        if (session.Transcript is { } transcript && !parsed.GetValue(TurnsOnly))
        {
            WriteTranscript(session, transcript, names, path, parsed);
        }
        else
        {
            WriteTurns(session, names, path, parsed);
        }
    }

    private static void WriteTurns(DiarizationSession session, Dictionary<string, string> names, string path, ParseResult parsed)
    {
        IReadOnlyList<OutputFormat> formats;
        try
        {
            formats = OutputFormats.Choose(AttributionArguments.FormatOf(parsed), parsed.GetValue(Output), OutputFormats.Timeline) is { Count: > 0 } chosen ? chosen : [OutputFormats.Text];
        }
        catch (UsageException error) when (session.Transcript is null)
        {
            throw new UsageException($"{error.Message} {path} holds no transcript; with one (`diarist session attach`) it is written in more formats.");
        }

        var target = OutputTarget.Create(parsed.GetValue(Output), [path], formats);
        Diarization shown = TurnArguments.Apply(parsed, session.Diarization.WithNames(names));
        string id = OutputTarget.RecordingId(session.Recording.Info.Name);
        foreach (OutputFormat format in formats)
        {
            target.Write(path, format, stream => DiarizeCommand.Write(stream, format, shown, session.Recording.Info, id, parsed.GetValue(Exclusive)));
        }
    }

    private static void WriteTranscript(DiarizationSession session, SessionTranscript transcript, Dictionary<string, string> names, string path, ParseResult parsed)
    {
        string? output = parsed.GetValue(Output);
        var document = TranscriptDocument.Read(transcript.Content.ToArray(), transcript.Name);
        AttributionArguments.Report(document);
        IReadOnlyList<OutputFormat> formats = AttributionArguments.Settle(AttributionArguments.FormatsOf(parsed, output), document, output);
        var target = OutputTarget.Create(output, [path], formats);
        var source = new SpeakerSource(path, [new RecordingTurns("", session.Diarization.Turns)], session.Diarization.Packs, chosen: null) { Heard = session.Diarization };
        AttributedTranscript attributed = source.Assign(document.Transcript, AttributionArguments.PolicyOf(parsed), keepNames: false, Path.GetFileNameWithoutExtension(transcript.Name));
        AttributionArguments.Write(target, path, document, attributed.WithNames(names), formats);
    }
}
