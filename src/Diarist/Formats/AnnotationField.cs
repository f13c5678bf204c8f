using System.Globalization;
using System.Text;

namespace Diarist.Formats;

/// <summary>The fields that RTTM, STM, CTM and UEM share: names without white space, and times in seconds.</summary>
/// <remarks>
/// White space ends a field and these formats define no escape, so a name is written with its ASCII white space
/// and control characters as <c>%XX</c> (two hexadecimal digits), likewise a <c>;</c> at its start (a comment) and
/// a <c>%</c> that would otherwise read as such an escape. Reading undoes exactly these; every other <c>%</c> stands for itself.
/// </remarks>
internal static class AnnotationField
{
    /// <summary>The largest time that is read or written, in seconds (three years); more is a mistake in the file.</summary>
    public const double MaximumSeconds = 1e8;

    /// <summary>What a field holds that says nothing.</summary>
    public const string NotAvailable = "<NA>";

    /// <summary>Whether the character ends a field.</summary>
    public static bool IsBlank(char character) => character is ' ' or '\t' or '\v' or '\f';

    /// <summary>Spells a name so that it is one field.</summary>
    public static string Escape(string name, string what)
    {
        if (name.Length == 0)
        {
            throw new ArgumentException($"The {what} is empty, and an empty field cannot be written.");
        }

        StringBuilder? spelled = null;
        for (int i = 0; i < name.Length; i++)
        {
            char character = name[i];
            if (NeedsEscape(name, i))
            {
                spelled ??= new StringBuilder(name, 0, i, name.Length + 8);
                spelled.Append(CultureInfo.InvariantCulture, $"%{(int)character:X2}");
            }
            else
            {
                spelled?.Append(character);
            }
        }

        return spelled?.ToString() ?? name;
    }

    /// <summary>Undoes <see cref="Escape"/>.</summary>
    public static string Unescape(string field)
    {
        if (!field.Contains('%', StringComparison.Ordinal))
        {
            return field;
        }

        var name = new StringBuilder(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            if (EscapeAt(field, i) is char character)
            {
                name.Append(character);
                i += 2;
            }
            else
            {
                name.Append(field[i]);
            }
        }

        return name.ToString();
    }

    /// <summary>
    /// Reads a time in seconds as a decimal number, so that a start and a duration add up exactly; null when it is none,
    /// or negative, or beyond <see cref="MaximumSeconds"/>.
    /// </summary>
    public static decimal? ParseSeconds(string field) =>
        decimal.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal seconds)
            && seconds >= 0 && seconds <= (decimal)MaximumSeconds
            ? seconds
            : null;

    /// <summary>The number of a channel that is written as one from 1 up, or as a letter from A; <see langword="null"/> for other names.</summary>
    public static int? ChannelNumber(string field) =>
        int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 ? number
        : field.Length == 1 && char.IsAsciiLetter(field[0]) ? char.ToUpperInvariant(field[0]) - 'A' + 1
        : null;

    /// <summary>Whether the field says that there is nothing: <c>&lt;NA&gt;</c>, or <c>NA</c> as some tools write it.</summary>
    public static bool IsNotAvailable(string field) => field is NotAvailable or "NA";

    /// <summary>
    /// Reads a confidence; null for one that says nothing, and for numbers outside 0 to 1 (logarithms and scores of other
    /// scales), which tell nothing that can be compared. False when the field is no number.
    /// </summary>
    public static bool TryParseConfidence(string field, out double? confidence)
    {
        confidence = null;
        if (IsNotAvailable(field))
        {
            return true;
        }

        bool number = double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
        confidence = number && value is >= 0 and <= 1 ? value : null;
        return number;
    }

    /// <summary>Whole milliseconds, nearest; both ends of an interval are rounded so, and durations are their difference.</summary>
    public static (long Start, long End) Milliseconds(TimeRange range)
    {
        if (!(range.Start >= 0 && range.End >= range.Start && range.End <= MaximumSeconds))
        {
            throw new ArgumentException($"The interval {range} cannot be written: it must start at 0 or later, not end before it starts, and end before {MaximumSeconds:0} s.");
        }

        return ((long)Math.Round(range.Start * 1000), (long)Math.Round(range.End * 1000));
    }

    /// <summary>Milliseconds as seconds with three decimals.</summary>
    public static string Seconds(long milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000}.{milliseconds % 1000:000}");

    /// <summary>A confidence with three decimals, or <c>&lt;NA&gt;</c>, also for a number outside 0 to 1.</summary>
    public static string Confidence(double? confidence) =>
        confidence is double value and >= 0 and <= 1 ? value.ToString("0.000", CultureInfo.InvariantCulture) : NotAvailable;

    private static bool NeedsEscape(string name, int index) =>
        IsReserved(name[index])
        || (name[index] == ';' && index == 0)
        || (name[index] == '%' && EscapeAt(name, index) is not null);

    private static bool IsReserved(char character) => character is <= ' ' or '\x7F';

    private static char? EscapeAt(string field, int index)
    {
        if (field[index] != '%' || index + 2 >= field.Length
            || !char.IsAsciiHexDigit(field[index + 1]) || !char.IsAsciiHexDigit(field[index + 2]))
        {
            return null;
        }

        char character = (char)((Convert.ToInt32(field[index + 1].ToString(), 16) * 16) + Convert.ToInt32(field[index + 2].ToString(), 16));
        return IsReserved(character) || character is '%' or ';' ? character : null;
    }
}
