using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Diarist.Cli;

/// <summary>Options that several commands share in shape. Numbers have a decimal point, never a comma, and a range.</summary>
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

    /// <summary>An option that takes a number from <paramref name="minimum"/> to <paramref name="maximum"/>.</summary>
    public static Option<double?> Number(string name, string description, double minimum, double maximum, string unit = "") => new(name)
    {
        Description = $"{description} {Between(minimum, maximum, unit)}.",
        HelpName = unit.Length > 0 ? unit.ToUpperInvariant() : "NUMBER",
        CustomParser = result => Parse(result, minimum, maximum, unit),
    };

    /// <summary>An option that takes a number and has a default.</summary>
    public static Option<double> Number(string name, string description, double minimum, double maximum, double otherwise, string unit = "") => new(name)
    {
        Description = $"{description} {Between(minimum, maximum, unit)}.",
        HelpName = unit.Length > 0 ? unit.ToUpperInvariant() : "NUMBER",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => Parse(result, minimum, maximum, unit) ?? otherwise,
    };

    /// <summary>An option that takes a whole number.</summary>
    public static Option<int?> Count(string name, string description, int minimum, int maximum, params string[] aliases) => new(name, aliases)
    {
        Description = $"{description} {Between(minimum, maximum, "")}.",
        HelpName = "N",
        CustomParser = result => ParseCount(result, minimum, maximum),
    };

    /// <summary>Reads a number as this tool writes it: ASCII digits, a decimal point.</summary>
    public static bool TryParse(string text, out double number)
    {
        bool plain = text.Length is > 0 and <= 40 && text.All(letter => char.IsAsciiDigit(letter) || letter is '.' or '-' or '+' or 'e' or 'E');
        return double.TryParse(plain ? text : "", NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    private static string Between(double minimum, double maximum, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"From {minimum} to {maximum}{(unit.Length > 0 ? " " + unit : "")}");

    private static double? Parse(ArgumentResult result, double minimum, double maximum, string unit)
    {
        string text = result.Tokens[^1].Value;
        if (!TryParse(text, out double number))
        {
            string comma = text.Contains(',', StringComparison.Ordinal) ? "; decimals have a point, not a comma" : "";
            result.AddError($"{NameOf(result)} takes a number, not '{text}'{comma}.");
            return null;
        }

        if (number < minimum || number > maximum)
        {
            result.AddError($"{NameOf(result)} {text} is out of range: {Lower(Between(minimum, maximum, unit))}.");
            return null;
        }

        return number;
    }

    private static int? ParseCount(ArgumentResult result, int minimum, int maximum)
    {
        string text = result.Tokens[^1].Value;
        bool whole = text.Length is > 0 and <= 40 && text.TrimStart('-').All(char.IsAsciiDigit);
        if (!whole || !double.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double number))
        {
            result.AddError($"{NameOf(result)} takes a whole number, not '{text}'.");
            return null;
        }

        if (number < minimum || number > maximum)
        {
            result.AddError($"{NameOf(result)} {text} is out of range: {Lower(Between(minimum, maximum, ""))}.");
            return null;
        }

        return (int)number;
    }

    private static string NameOf(ArgumentResult result) => result.Parent is OptionResult { IdentifierToken: { } token } ? token.Value : result.Argument.Name;

    private static string Lower(string text) => char.ToLowerInvariant(text[0]) + text[1..];
}
