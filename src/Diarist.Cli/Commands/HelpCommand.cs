using System.CommandLine;
using System.CommandLine.Parsing;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist help COMMAND</c>: the same as <c>diarist COMMAND --help</c>.</summary>
internal static class HelpCommand
{
    public static Command Create(RootCommand root)
    {
        var words = new Argument<string[]>("command") { Arity = ArgumentArity.ZeroOrMore, Description = "The command, such as diarize or packs pull." };
        var command = new Command("help", "Show what a command does and which options it has.") { words };
        command.SetAction(parsed =>
        {
            string[] path = parsed.GetValue(words) ?? [];
            ParseResult asked = root.Parse([.. path, "--help"]);
            IReadOnlyList<string> mistakes = Mistakes.In(asked);
            if (mistakes.Count == 0)
            {
                using var text = new StringWriter();
                int exitCode = asked.Invoke(new InvocationConfiguration { Output = text });
                int written = CommandRunner.Run(() => Write(text.ToString()));
                return exitCode == ExitCode.Success ? written : exitCode;
            }

            Console.Error.WriteLine($"diarist: {mistakes[0]}");
            return ExitCode.Usage;
        });
        return command;
    }

    /// <summary>Writes help, in which the tool has the name that its users call, whatever the file is called that runs.</summary>
    public static void Write(string help) =>
        Console.Out.Write(help.Replace($"  {RootCommand.ExecutableName} ", "  diarist ", StringComparison.Ordinal));

    /// <summary>The words that lead to a command, each with a space before it; empty for the tool itself.</summary>
    public static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "";
}
