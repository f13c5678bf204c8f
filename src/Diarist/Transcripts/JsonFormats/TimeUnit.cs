using System.Globalization;
using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// Whether <c>start</c> and <c>end</c> of a list are seconds or milliseconds, which tools write under the same names.
/// They are milliseconds when all are whole, the middle item would last minutes, and nobody could speak so slowly.
/// </summary>
internal static class TimeUnit
{
    private const double Minutes = 100;
    private const double SlowestLettersPerSecond = 0.3;

    /// <summary>The units in a second: 1 or 1000.</summary>
    public static double Of(IReadOnlyCollection<JsonValue> items)
    {
        var lengths = new List<double>();
        long letters = 0;
        foreach (JsonValue item in items)
        {
            if (!item.IsObject || !item.TryGet("start", out JsonValue start) || !item.TryGet("end", out JsonValue end))
            {
                continue;
            }

            if (!IsWhole(start, out double from) || !IsWhole(end, out double to))
            {
                return 1;
            }

            lengths.Add(to - from);
            letters += (JsonItem.TextOf(item) ?? "").Count(char.IsLetterOrDigit);
        }

        lengths.Sort();
        return lengths.Count > 0 && lengths[lengths.Count / 2] >= Minutes && letters < SlowestLettersPerSecond * lengths.Sum() ? 1000 : 1;
    }

    private static bool IsWhole(JsonValue value, out double number)
    {
        number = 0;
        return value.IsNumber
            && double.TryParse(value.Index.Bytes.AsSpan(value.Start, value.End - value.Start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
