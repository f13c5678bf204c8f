using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>The times in the cells of a table.</summary>
internal static class TableTime
{
    /// <summary>Reads a time; a decimal comma is read where cells are not separated by commas.</summary>
    public static bool TryParse(string cell, char separator, out double time) =>
        (ClockTime.TryParseAny(cell, out time) || (separator != ',' && cell.Count(character => character == ',') == 1 && ClockTime.TryParseAny(cell.Replace(',', '.'), out time))) && double.IsFinite(time);

    /// <summary>Whether a cell holds a clock time, which is seconds whatever numbers beside it count.</summary>
    public static bool IsClock(string cell) => cell.Contains(':', StringComparison.Ordinal);
}
