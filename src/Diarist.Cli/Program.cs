using System.CommandLine;
using Diarist.Cli;
using Diarist.Cli.Commands;

var root = new RootCommand("Diarist tells the speakers of a recording apart and joins them to any transcript.");
root.Subcommands.Add(DiarizeCommand.Create());
root.Subcommands.Add(VadCommand.Create());
root.Subcommands.Add(AnnotateCommand.Create());
root.Subcommands.Add(TranscribeCommand.Create());
root.Subcommands.Add(ScoreCommand.Create());
root.Subcommands.Add(SimulateCommand.Create());
root.Subcommands.Add(PacksCommand.Create());

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine($"diarist: {error.Message}");
    }

    Console.Error.WriteLine($"Try `diarist{(parsed.CommandResult.Command == root ? "" : " " + parsed.CommandResult.Command.Name)} --help`.");
    return ExitCode.Usage;
}

return await parsed.InvokeAsync().ConfigureAwait(false);
