using System.CommandLine;
using System.Globalization;
using Diarist.Formats;
using Diarist.Sessions;
using Diarist.Transcripts;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist session</c>: corrections of a recording that was kept.</summary>
internal static class SessionCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "A session, as `diarist diarize --save` writes it." };
    private static readonly Argument<string> Speaker = new("SPEAKER") { Description = "A label or a name." };
    private static readonly Argument<string> Other = new("OTHER") { Description = "The label or name of the other one." };
    private static readonly Argument<string> NewName = new("NAME") { Description = "The name." };
    private static readonly Argument<string> Time = new("TIME") { Description = "A time within the turn: seconds, M:SS or H:MM:SS; the turn that begins last counts." };
    private static readonly Argument<string[]> Times = new("TIME") { Description = "Times within turns of different people.", Arity = new ArgumentArity(2, 16) };
    private static readonly Option<int?> Count = new("--speakers") { Description = "The number of speakers; without it, unknown." };
    private static readonly Option<bool> Only = new("--only") { Description = "Change this turn only." };
    private static readonly Option<bool> Nobody = new("--nobody") { Description = "The turn is nobody's; SPEAKER is left out." };
    private static readonly Argument<string?> Whose = new("SPEAKER") { Description = "A label or a name; an unknown name makes a new speaker.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> Start = new("START") { Description = "Where it begins: seconds, M:SS or H:MM:SS." };
    private static readonly Argument<string> End = new("END") { Description = "Where it ends." };
    private static readonly Argument<string> Document = new("TRANSCRIPT") { Description = "A transcript in any dialect that docs/transcripts.md lists." };
    private static readonly Option<int?> Most = OptionFactory.Count("--most", "At most so many questions; 10 by default.", 1, 1000);
    private const int DefaultQuestions = 10;

    public static Command Create() => new("session", "Correct who speaks when, without the audio; corrections spread to all turns.")
    {
        Sub("show", "Show turns and corrections.", Show),
        Edit("cluster", "Group again with another number of speakers.", (session, parsed) => session.SetSpeakers(parsed.GetValue(Count) is not < 1 and var count ? count : throw new UsageException("--speakers is 1 or more.")), Count),
        Edit("rename", "Give a speaker a name.", (session, parsed) => session.Rename(parsed.GetRequiredValue(Speaker), parsed.GetRequiredValue(NewName)), Speaker, NewName),
        Edit("merge", "Two speakers are one person.", (session, parsed) => session.Merge(parsed.GetRequiredValue(Speaker), parsed.GetRequiredValue(Other)), Speaker, Other),
        Edit("split", "Turns are of different people.", (session, parsed) => session.Split([.. parsed.GetRequiredValue(Times).Select(time => TurnAt(session, time))]), Times),
        Edit("assign", "Say whose a turn is.", Assign, Time, Whose, Only, Nobody),
        Edit("undo", "Take the last correction back.", (session, _) => session.Undo()),
        Edit("redo", "Make the last correction again that was taken back.", (session, _) => session.Redo()),
        Edit("move", "Move the ends of a turn.", Move, Time, Start, End),
        Sub("review", "Ask what is in doubt, first what most depends on.", Review, Most),
        Sub("attach", "Keep a transcript with the session.", Attach, Document),
        ExportCommand(),
        Sub("forget-voices", "Remove the voiceprints; turns and names stay.", Forget),
    };

    private static Command ExportCommand()
    {
        Command command = Sub("export", "Write the turns, or the transcript with speakers where the session holds one.", SessionExport.Run);
        SessionExport.AddTo(command);
        return command;
    }

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
        SessionSaving.Write(session, path);
        int speakers = session.Diarization.Speakers.Count;
        string now = name == "cluster" && made.Count > speakers
            ? $"only {speakers} could be told apart"
            : string.Create(CultureInfo.InvariantCulture, $"{speakers} speaker{(speakers == 1 ? "" : "s")} now");
        Console.Error.WriteLine($"diarist: {name}: {(name == "undo" ? "taken back: " : "")}{made}; {now}.");
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

    private static void Show(DiarizationSession session, string path, ParseResult parsed) => OutputTarget.WriteText(writer =>
    {
        TimelineText.Write(writer, session.Diarization, session.Recording.Info, exclusive: false);
        writer.WriteLine(session.HasVoices ? "Voiceprints are kept." : "Voiceprints were forgotten.");
        foreach ((int index, SessionEdit edit) in session.Edits.Index())
        {
            writer.WriteLine($"correction {index + 1}: {edit}");
        }
    });

    private static void Review(DiarizationSession session, string path, ParseResult parsed)
    {
        if (!session.HasVoices)
        {
            throw new SessionEditException("The voices of this session were forgotten, so doubtful turns cannot be found.");
        }

        IReadOnlyList<ReviewQuestion> questions = session.Review(parsed.GetValue(Most) ?? DefaultQuestions);
        OutputTarget.WriteText(writer => Write(writer, questions, path));
    }

    private static void Write(StreamWriter writer, IReadOnlyList<ReviewQuestion> questions, string path)
    {
        foreach ((int index, ReviewQuestion question) in questions.Index())
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{index + 1}. {question} {question.AffectedDuration:0.0} s depend on it."));
            foreach (Turn turn in question.Excerpts)
            {
                writer.WriteLine($"   hear {turn.Speaker} at {Clock(turn.Start)}");
            }

            foreach (string answer in Answers(question, path))
            {
                writer.WriteLine($"   {answer}");
            }
        }

        if (questions.Count == 0)
        {
            writer.WriteLine("Nothing is in doubt.");
        }
    }

    // The command for each answer. To say that the present speaker is right is an answer too: the question is not asked again.
    private static IEnumerable<string> Answers(ReviewQuestion question, string path)
    {
        string file = Quoted(path);
        if (!question.AboutSpeaker)
        {
            string assign = $"diarist session assign {file} {Clock(question.Turn.Range.Middle)}";
            return [.. question.Choices.Select(choice => $"{assign} {Quoted(choice)}"), $"somebody else: {assign} NAME", $"nobody: {assign} --nobody"];
        }

        Turn other = question.Excerpts.First(turn => turn.Speaker == question.Choices[1]);
        return
        [
            $"yes: diarist session merge {file} {Quoted(question.Choices[1])} {Quoted(question.Choices[0])}",
            $"no:  diarist session split {file} {Clock(question.Turn.Range.Middle)} {Clock(other.Range.Middle)}",
        ];
    }

    /// <summary>A word as a shell takes it.</summary>
    internal static string Quoted(string word) => word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '/' or '-') ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Clock(double seconds)
    {
        long hundredths = (long)Math.Round(seconds * 100);
        return string.Create(CultureInfo.InvariantCulture, $"{hundredths / 6000}:{hundredths / 100 % 60:00}.{hundredths % 100:00}");
    }

    private static SessionEdit Move(DiarizationSession session, ParseResult parsed) =>
        session.MoveBoundary(TurnAt(session, parsed.GetRequiredValue(Time)), new TimeRange(SecondsOf(parsed.GetRequiredValue(Start)), SecondsOf(parsed.GetRequiredValue(End))));

    private static void Attach(DiarizationSession session, string path, ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(Document);
        var document = TranscriptDocument.Read(name);
        AttributionArguments.Report(document);
        session.Transcript = new SessionTranscript(Path.GetFileName(name), document.Bytes);
        SessionSaving.Write(session, path);
        if (document.HasSpeakers)
        {
            Messages.Warn(name, "it names speakers itself; `diarist session export` writes those of the session in their place, and the transcript is kept as it is");
        }
    }

    private static void Forget(DiarizationSession session, string path, ParseResult parsed)
    {
        session.ForgetVoices();
        SessionSaving.Write(session, path);
    }

    private static Turn TurnAt(DiarizationSession session, string text)
    {
        double seconds = SecondsOf(text);
        return session.Diarization.Turns.Where(turn => turn.Range.Contains(seconds)).Cast<Turn?>().LastOrDefault() ?? throw new UsageException($"nobody speaks at {text}.");
    }

    private static double SecondsOf(string text)
    {
        double seconds = 0;
        foreach (string part in text.Split(':'))
        {
            seconds = double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ? (seconds * 60) + value : throw new UsageException($"{text} is not a time; write seconds, M:SS or H:MM:SS.");
        }

        return seconds;
    }
}
