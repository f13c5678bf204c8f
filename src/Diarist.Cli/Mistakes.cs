using System.CommandLine;
using System.CommandLine.Parsing;

namespace Diarist.Cli;

/// <summary>Mistakes in a command line, in the words of its user.</summary>
internal static class Mistakes
{
    private const int MaximumDistance = 3;

    // A prompt may say nothing, and a server may stand at the root of its host.
    private static readonly string[] MayBeEmpty = ["--prompt", "--url-prefix"];

    /// <summary>What is wrong, one sentence each; empty when nothing is.</summary>
    public static IReadOnlyList<string> In(ParseResult parsed)
    {
        var unknown = parsed.UnmatchedTokens.Concat(Stray(parsed)).ToHashSet(StringComparer.Ordinal);
        string[] others = [.. parsed.Errors.Select(error => error.Message).Where(message => !unknown.Any(token => message.Contains($"'{token}'", StringComparison.Ordinal)))];

        // A command that is misspelt is also a command that is missing; the first says more.
        return unknown.Count > 0
            ? [Unknown(parsed, unknown.First())]
            : [.. others.Select(message => OneLine(parsed, message)).Concat(Empty(parsed)).Distinct()];
    }

    // What a shell makes of a variable that is not set.
    private static IEnumerable<string> Empty(ParseResult parsed) => parsed.CommandResult.Children
        .Where(child => child.Tokens.Any(token => token.Value.Length == 0))
        .Select(child => child switch
        {
            ArgumentResult result => result.Argument.Name,
            OptionResult result => result.Option.Name,
            _ => "",
        })
        .Where(name => name.Length > 0 && !MayBeEmpty.Contains(name))
        .Select(name => $"{name} is empty; a variable of the shell may not be set.");

    // A recording may be called anything, but what looks like an option and is none was meant as one; ./-name is a file, and so is what follows --.
    private static IEnumerable<string> Stray(ParseResult parsed)
    {
        var literal = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).ToHashSet();
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Where(token => token.Value.Length > 1 && token.Value[0] == '-' && !literal.Contains(token))
            .Select(token => token.Value);
    }

    private static string Unknown(ParseResult parsed, string token)
    {
        Command command = parsed.CommandResult.Command;
        if (token.StartsWith('-'))
        {
            if (File.Exists(token))
            {
                return $"there is no option {token}; the file of this name is ./{token}";
            }

            string name = token.Split('=')[0];
            IEnumerable<string> options = Above(parsed).SelectMany(each => each.Options).Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name));
            return $"there is no option {name}{Suggestion(name, options)}";
        }

        return command.Subcommands.Count > 0
            ? $"there is no command {token}{Suggestion(token, command.Subcommands.Select(each => each.Name))}"
            : $"'{token}' is one argument too many.";
    }

    private static IEnumerable<Command> Above(ParseResult parsed)
    {
        for (SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
        {
            if (result is CommandResult command)
            {
                yield return command.Command;
            }
        }
    }

    private static string Suggestion(string word, IEnumerable<string> candidates)
    {
        string? nearest = candidates.Where(candidate => Math.Abs(candidate.Length - word.Length) <= MaximumDistance).MinBy(candidate => Distance(word, candidate));
        return nearest is not null && Distance(word, nearest) <= Math.Min(MaximumDistance, word.TrimStart('-').Length / 2) ? $"; did you mean {nearest}?" : ".";
    }

    private static string OneLine(ParseResult parsed, string message)
    {
        Command command = parsed.CommandResult.Command;
        if (message.StartsWith("Required argument missing for command", StringComparison.Ordinal))
        {
            string lacking = string.Join(" and ", command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0).Select(argument => argument.Name));
            return $"{command.Name} needs {lacking}.";
        }

        if (message.StartsWith("Required argument missing for option", StringComparison.Ordinal))
        {
            return $"{message.Split('\'')[1]} needs a value.";
        }

        if (message.StartsWith("Argument '", StringComparison.Ordinal) && message.Split('\'') is [_, var word, _, _, ..] parts)
        {
            string[] known = [.. parts.Where((_, i) => i > 1 && i % 2 == 1)];
            string? option = parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(result => result.Tokens.Any(token => token.Value == word))?.Option.Name;
            return $"{option ?? "the argument"} takes {string.Join(", ", known)}, not '{word}'{Suggestion(word, known)}";
        }

        return message.StartsWith("Required command", StringComparison.Ordinal)
            ? $"a command is needed: {string.Join(", ", command.Subcommands.Where(each => !each.Hidden).Select(each => each.Name))}."
            : message.ReplaceLineEndings(" ").Trim();
    }

    /// <summary>The number of letters to insert, delete or replace, or of neighbours to swap.</summary>
    private static int Distance(string from, string to)
    {
        int[,] cost = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                cost[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[from.Length, to.Length];
    }
}
