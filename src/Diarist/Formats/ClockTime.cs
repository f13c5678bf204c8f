using System.Globalization;

namespace Diarist.Formats;

/// <summary>Times as texts: clock times (<c>[hours:]minutes:seconds</c>, with a point, a comma or, behind hours, a colon before milliseconds), seconds, and ISO 8601 durations. Only ASCII digits count.</summary>
internal static class ClockTime
{
    private const int MostDigits = 9;
    private const int MillisecondDigits = 3;

    /// <summary>Reads a clock time in seconds, exactly as it is written; false when the text is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double seconds)
    {
        seconds = 0;
        text = text.Trim();
        decimal total = 0;
        int colons = 0;

        // hours:minutes:seconds:milliseconds. Two digits there are frames, whose length nobody knows.
        decimal milliseconds = 0;
        if (text.Count(':') == 3 && text.LastIndexOf(':') is var last && text.Length - last - 1 == MillisecondDigits)
        {
            if (!TryFraction(text[(last + 1)..], out milliseconds))
            {
                return false;
            }

            text = text[..last];
        }

        while (text.IndexOf(':') is var colon and >= 0)
        {
            if (++colons > 2 || !TryDigits(text[..colon], out decimal part))
            {
                return false;
            }

            total = (total + part) * 60;
            text = text[(colon + 1)..];
        }

        int point = text.IndexOfAny('.', ',');
        decimal fraction = 0;
        if (colons == 0 || !TryDigits(point < 0 ? text : text[..point], out decimal whole) || (point >= 0 && !TryFraction(text[(point + 1)..], out fraction)))
        {
            return false;
        }

        seconds = (double)(total + whole + fraction + milliseconds);
        return true;
    }

    /// <summary>Reads a time as any of the texts that JSON transcripts hold: <c>1.5</c>, <c>1.5s</c>, <c>0:00:01.5</c>, <c>PT1.5S</c>.</summary>
    public static bool TryParseAny(ReadOnlySpan<char> text, out double seconds)
    {
        text = text.Trim();
        if (TryParse(text, out seconds) || TryIso(text, out seconds))
        {
            return true;
        }

        text = text.Length > 1 && text[^1] == 's' && char.IsAsciiDigit(text[^2]) ? text[..^1] : text;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds);
    }

    /// <summary>hours:minutes:seconds with milliseconds.</summary>
    public static string Format(double seconds, char separator)
    {
        long milliseconds = (long)Math.Round(Math.Clamp(seconds, 0, AnnotationField.MaximumSeconds) * 1000);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{milliseconds / 3_600_000:00}:{milliseconds / 60_000 % 60:00}:{milliseconds / 1000 % 60:00}{separator}{milliseconds % 1000:000}");
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out decimal number)
    {
        number = 0;
        return text.Length is > 0 and <= MostDigits && !text.ContainsAnyExceptInRange('0', '9')
            && decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryFraction(ReadOnlySpan<char> digits, out decimal fraction)
    {
        fraction = 0;
        if (!TryDigits(digits, out decimal number))
        {
            return false;
        }

        fraction = number;
        for (int i = 0; i < digits.Length; i++)
        {
            fraction /= 10;
        }

        return true;
    }

    /// <summary>ISO 8601 durations of hours, minutes and seconds, as Azure writes them.</summary>
    private static bool TryIso(ReadOnlySpan<char> text, out double seconds)
    {
        seconds = 0;
        if (!text.StartsWith("PT"))
        {
            return false;
        }

        decimal total = 0;
        text = text[2..];
        while (text.Length > 0)
        {
            int unit = text.IndexOfAny('H', 'M', 'S');
            decimal scale = unit < 0 ? 0 : text[unit] switch { 'H' => 3600, 'M' => 60, 'S' => 1, _ => 0 };
            if (scale == 0 || unit > 18 || !decimal.TryParse(text[..unit], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            {
                return false;
            }

            total += number * scale;
            text = text[(unit + 1)..];
        }

        seconds = (double)total;
        return true;
    }
}
