using System.CommandLine;
using Diarist.Cli;
using Diarist.Cli.Commands;

Console.SetError(new ErrorStream(Console.Error));
Interruption.Listen();

var root = new RootCommand("Diarist tells the speakers of a recording apart and joins them to any transcript.");
root.Subcommands.Add(DiarizeCommand.Create());
root.Subcommands.Add(BatchCommand.Create());
root.Subcommands.Add(SubmitCommand.Create());
root.Subcommands.Add(WorkerCommand.Create());
root.Subcommands.Add(SessionCommand.Create());
root.Subcommands.Add(VoicesCommand.Create());
root.Subcommands.Add(LiveCommand.Create());
root.Subcommands.Add(VadCommand.Create());
root.Subcommands.Add(AnnotateCommand.Create());
root.Subcommands.Add(TranscribeCommand.Create());
#if SERVER
root.Subcommands.Add(ServeCommand.Create());
#endif
root.Subcommands.Add(ScoreCommand.Create());
root.Subcommands.Add(SimulateCommand.Create());
root.Subcommands.Add(PacksCommand.Create());
root.Subcommands.Add(DoctorCommand.Create());
root.Subcommands.Add(HelpCommand.Create(root));
Messages.AddTo(root);

// Signals are handled here, with the time limit and the clean-up that this tool promises.
using var help = new StringWriter();
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false, Output = help };
ParseResult parsed = root.Parse(args);
IReadOnlyList<string> mistakes = Mistakes.In(parsed);
if (mistakes.Count > 0)
{
    foreach (string mistake in mistakes)
    {
        Console.Error.WriteLine($"diarist: {mistake}");
    }

    Console.Error.WriteLine($"Try `diarist{HelpCommand.PathOf(parsed.CommandResult)} --help`.");
    return ExitCode.Usage;
}

int exitCode = await parsed.InvokeAsync(invocation).ConfigureAwait(false);
HelpCommand.Write(help.ToString());
return exitCode;
