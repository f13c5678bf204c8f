using System.CommandLine;
using System.Globalization;
using Diarist.Formats;
using Diarist.Sessions;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist session</c>: corrections of a recording that was kept.</summary>
internal static class SessionCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "A session, as `diarist diarize --save` writes it." };
    private static readonly Argument<string> Speaker = new("SPEAKER") { Description = "A label or a name." };
    private static readonly Argument<string> Other = new("OTHER") { Description = "The other one; or the new name." };
    private static readonly Argument<string> Time = new("TIME") { Description = "A time within the turn: seconds, M:SS or H:MM:SS; the turn that begins last counts." };
    private static readonly Argument<string[]> Times = new("TIME") { Description = "Times within turns of different people.", Arity = new ArgumentArity(2, 16) };
    private static readonly Option<int?> Count = new("--speakers") { Description = "The number of speakers; without it, unknown." };
    private static readonly Option<bool> Only = new("--only") { Description = "Change this turn only." };
    private static readonly Option<bool> Nobody = new("--nobody") { Description = "The turn is nobody's; SPEAKER is left out." };
    private static readonly Argument<string?> Whose = new("SPEAKER") { Description = "A label or a name; an unknown name makes a new speaker.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string> Format = OptionFactory.Choice("--format", "What to write.", "text", "rttm", "json");
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "A file; without it, standard output." };
    private static readonly Option<bool> Exclusive = new("--exclusive") { Description = "One speaker at a time." };

    public static Command Create() => new("session", "Correct who speaks when, without the audio; corrections spread to all turns.")
    {
        Sub("show", "Show turns and corrections.", Show),
        Edit("cluster", "Group again with another number of speakers.", (session, parsed) => session.SetSpeakers(parsed.GetValue(Count) is not < 1 and var count ? count : throw new UsageException("--speakers is 1 or more.")), Count),
        Edit("rename", "Give a speaker a name.", (session, parsed) => session.Rename(parsed.GetRequiredValue(Speaker), parsed.GetRequiredValue(Other)), Speaker, Other),
        Edit("merge", "Two speakers are one person.", (session, parsed) => session.Merge(parsed.GetRequiredValue(Speaker), parsed.GetRequiredValue(Other)), Speaker, Other),
        Edit("split", "Turns are of different people.", (session, parsed) => session.Split([.. parsed.GetRequiredValue(Times).Select(time => TurnAt(session, time))]), Times),
        Edit("assign", "Say whose a turn is.", Assign, Time, Whose, Only, Nobody),
        Edit("undo", "Take the last correction back.", (session, _) => session.Undo()),
        Edit("redo", "Make the last correction again that was taken back.", (session, _) => session.Redo()),
        Sub("export", "Write the turns.", Export, [Format, Output, Exclusive, .. TurnArguments.All]),
        Sub("forget-voices", "Remove the voiceprints; turns and names stay.", Forget),
    };

    private static SessionEdit Assign(DiarizationSession session, ParseResult parsed)
    {
        Turn turn = TurnAt(session, parsed.GetRequiredValue(Time));
        string? speaker = parsed.GetValue(Whose);
        bool nobody = parsed.GetValue(Nobody);
        return nobody != speaker is null ? throw new UsageException("give either SPEAKER or --nobody.")
            : nobody ? session.AssignNobody(turn) : session.Assign(turn, speaker!, parsed.GetValue(Only));
    }

    private static Command Edit(string name, string description, Func<DiarizationSession, ParseResult, SessionEdit> edit, params Symbol[] symbols) => Sub(name, description, (session, path, parsed) =>
    {
        SessionEdit made = edit(session, parsed);
        session.Save(path);
        Console.Error.WriteLine($"diarist: {name}: {made}; {session.Diarization.Speakers.Count} speakers now.");
    }, symbols);

    private static Command Sub(string name, string description, Action<DiarizationSession, string, ParseResult> action, params Symbol[] symbols)
    {
        var command = new Command(name, description) { File };
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.SetBody((parsed, _) =>
        {
            string path = parsed.GetRequiredValue(File);
            var session = DiarizationSession.Open(path);
            foreach (string note in session.Notes)
            {
                Console.Error.WriteLine($"diarist: {path}: warning: {note}");
            }

            action(session, path, parsed);
            return Task.CompletedTask;
        });
        return command;
    }

    private static void Show(DiarizationSession session, string path, ParseResult parsed)
    {
        using Stream console = Console.OpenStandardOutput();
        using var writer = OutputTarget.TextWriter(console);
        TimelineText.Write(writer, session.Diarization, session.Recording.Info, exclusive: false);
        writer.WriteLine(session.HasVoices ? "Voiceprints are kept." : "Voiceprints were forgotten.");
        foreach ((int index, SessionEdit edit) in session.Edits.Index())
        {
            writer.WriteLine($"correction {index + 1}: {edit}");
        }
    }

    private static void Export(DiarizationSession session, string path, ParseResult parsed)
    {
        string format = parsed.GetRequiredValue(Format);
        bool exclusive = parsed.GetValue(Exclusive);
        Diarization shown = TurnArguments.Apply(parsed, session.Diarization);
        void Write(Stream stream)
        {
            if (format == "json")
            {
                DiarizationJson.Write(stream, shown, session.Recording.Info);
                return;
            }

            using var writer = OutputTarget.TextWriter(stream);
            if (format == "rttm")
            {
                Rttm.Write(writer, OutputTarget.RecordingId(session.Recording.Info.Name), exclusive ? shown.ExclusiveTurns : shown.Turns);
            }
            else
            {
                TimelineText.Write(writer, shown, session.Recording.Info, exclusive);
            }
        }

        if (parsed.GetValue(Output) is not { } output)
        {
            using Stream console = Console.OpenStandardOutput();
            Write(console);
            return;
        }

        using var file = new OutputFile(output);
        Write(file.Stream);
        file.Commit();
    }

    private static void Forget(DiarizationSession session, string path, ParseResult parsed)
    {
        session.ForgetVoices();
        session.Save(path);
    }

    private static Turn TurnAt(DiarizationSession session, string text)
    {
        double seconds = 0;
        foreach (string part in text.Split(':'))
        {
            seconds = double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ? (seconds * 60) + value : throw new UsageException($"{text} is no time.");
        }

        return session.Diarization.Turns.Where(turn => turn.Range.Contains(seconds)).Cast<Turn?>().LastOrDefault() ?? throw new UsageException($"nobody speaks at {text}.");
    }
}
