using System.CommandLine;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist packs</c>: the networks' weights, where they are, and how to get them.</summary>
internal static class PacksCommand
{
    public static Command Create() => new("packs", "List, fetch, check and carry the networks' weights.")
    {
        PacksListCommand.Create(),
        PacksShowCommand.Create(),
        PacksPullCommand.Create(),
        PacksVerifyCommand.Create(),
        PacksImportCommand.Create(),
        PacksExportCommand.Create(),
        PacksRemoveCommand.Create(),
        PacksLicensesCommand.Create(),
    };

    /// <summary>The option <c>--format text|json</c>.</summary>
    public static Option<string> FormatOption()
    {
        var option = new Option<string>("--format") { Description = "text (the default) or json.", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }

    /// <summary>The argument of pack names, none included.</summary>
    public static Argument<string[]> IdsArgument(string description) => new("ID") { Description = description, Arity = ArgumentArity.ZeroOrMore };
}
