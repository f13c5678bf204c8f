using System.CommandLine;
using System.CommandLine.Parsing;

namespace Diarist.Cli.Queue;

/// <summary>
/// The options of a job: those of the command line that submits it which change a result, as arguments. A worker takes them from a queue that others
/// write to, so it accepts these names only, none of which reads or writes a file of the user's choice.
/// </summary>
internal static class JobArguments
{
    private static readonly HashSet<string> Values = new(StringComparer.Ordinal)
    {
        "--format", "--recipe", "--networks", "--turn-settings", "--threshold", "--step", "--speed", "--precision", "--speakers", "--min-speakers", "--max-speakers",
        "--min-turn", "--min-gap", "--channels", "--speakers-per-channel", "--track", "--raw",
    };

    private static readonly HashSet<string> Flags = new(StringComparer.Ordinal) { "--exclusive" };

    /// <summary>The options that a command line gives.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="precision">The arithmetic that <c>auto</c> means where the job is submitted, so that workers agree.</param>
    public static IReadOnlyList<string> Of(ParseResult parsed, Precision precision)
    {
        var arguments = new List<string>();
        foreach (OptionResult given in parsed.CommandResult.Children.OfType<OptionResult>().Where(given => !given.Implicit).OrderBy(given => given.Option.Name, StringComparer.Ordinal))
        {
            string name = given.Option.Name;
            if (Values.Contains(name) && name != "--precision")
            {
                arguments.AddRange([name, given.Tokens[^1].Value]);
            }
            else if (Flags.Contains(name) && given.GetValueOrDefault<bool>())
            {
                arguments.Add(name);
            }
        }

        return DiarizerArguments.Read(parsed).Recipe == Recipe.VoiceActivity ? arguments : [.. arguments, "--precision", precision == Precision.EightBit ? "int8" : "float32"];
    }

    /// <summary>Whether arguments are ones that <see cref="Of"/> makes.</summary>
    public static bool AreAllowed(IReadOnlyList<string> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            bool takesValue = Values.Contains(arguments[i]);
            if (takesValue && i + 1 < arguments.Count && !arguments[i + 1].StartsWith('-') && !arguments[i + 1].StartsWith('@'))
            {
                i++;
            }
            else if (takesValue || !Flags.Contains(arguments[i]))
            {
                return false;
            }
        }

        return true;
    }
}
