using System.CommandLine;
using Diarist.Cli;
using Diarist.Cli.Commands;

// Before all else: what follows takes the first thread a while.
EarlyLoading.Begin(args);
Console.SetError(new ErrorStream());
Console.SetOut(new ResultStream());
Interruption.Listen();

var root = new RootCommand("Diarist tells the speakers of a recording apart and joins them to any transcript.");
foreach (Command command in CommandTable.For(args, root))
{
    root.Subcommands.Add(command);
}

Messages.AddTo(root);

// Signals are handled here, with the time limit and the clean-up that this tool promises.
using var help = new StringWriter();
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false, Output = help };
ParseResult parsed = root.Parse(args);

// A shell that asks what may follow has an unfinished command line.
bool completes = args.Length > 0 && args[0].StartsWith("[suggest", StringComparison.Ordinal);
IReadOnlyList<string> mistakes = completes ? [] : Mistakes.In(parsed);
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
int written = help.GetStringBuilder().Length == 0 ? ExitCode.Success : CommandRunner.Run(() => HelpCommand.Write(help.ToString()));
return exitCode == ExitCode.Success ? written : exitCode;
