using System.CommandLine;
using System.CommandLine.Parsing;
using Diarist.Cli;
using Diarist.Cli.Commands;

var root = new RootCommand("Diarist tells the speakers of a recording apart and joins them to any transcript.");
root.Subcommands.Add(DiarizeCommand.Create());
root.Subcommands.Add(SessionCommand.Create());
root.Subcommands.Add(LiveCommand.Create());
root.Subcommands.Add(VadCommand.Create());
root.Subcommands.Add(AnnotateCommand.Create());
root.Subcommands.Add(TranscribeCommand.Create());
root.Subcommands.Add(ScoreCommand.Create());
root.Subcommands.Add(SimulateCommand.Create());
root.Subcommands.Add(PacksCommand.Create());

ParseResult parsed = root.Parse(args);

// A recording may be called anything, but what looks like an option and is none was meant as one; ./--name is a file.
IEnumerable<string> stray = parsed.Tokens
    .TakeWhile(token => token.Type != TokenType.DoubleDash)
    .Where(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))
    .Select(token => $"There is no option {token.Value}.");
string[] mistakes = [.. parsed.Errors.Select(error => error.Message), .. stray];
if (mistakes.Length > 0)
{
    foreach (string mistake in mistakes)
    {
        Console.Error.WriteLine($"diarist: {mistake}");
    }

    Console.Error.WriteLine($"Try `diarist{(parsed.CommandResult.Command == root ? "" : " " + parsed.CommandResult.Command.Name)} --help`.");
    return ExitCode.Usage;
}

return await parsed.InvokeAsync().ConfigureAwait(false);
