using System.CommandLine;

namespace Diarist.Cli;

/// <summary>Options that several commands share in shape.</summary>
internal static class OptionFactory
{
    /// <summary>An option that takes one of a few words; the first is the default.</summary>
    public static Option<string> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string>(name)
        {
            Description = $"{description} One of {string.Join(", ", words)}.",
            DefaultValueFactory = _ => words[0],
        };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
