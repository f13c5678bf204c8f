using System.Globalization;
using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>The <see cref="TimeUnit"/> of the items of a list.</summary>
internal static class JsonTimeUnit
{
    /// <summary>The units in a second: 1, or one of the smaller ones.</summary>
    public static double Of(IReadOnlyCollection<JsonValue> items)
    {
        var lengths = new List<(double Seconds, bool Whole, int Letters)>();
        foreach (JsonValue item in items)
        {
            if (item.IsObject && JsonItem.PairOf(item) is { } pair && TryNumber(pair.Start, out double from) && TryNumber(pair.Other, out double to))
            {
                string text = JsonItem.TextOf(item) ?? "";
                lengths.Add((pair.IsDuration ? to : Math.Abs(to - from), from == Math.Floor(from) && to == Math.Floor(to), text.Count(char.IsLetterOrDigit)));
            }
        }

        return TimeUnit.Of(lengths);
    }

    private static bool TryNumber(JsonValue value, out double number)
    {
        number = 0;
        return value.IsNumber
            && double.TryParse(value.Index.Bytes.AsSpan(value.Start, value.End - value.Start), NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
    }
}
