using System.Buffers;
using System.Globalization;
using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// Looks in an object from which a text without times was read for members that look like times. What no dialect reads
/// must not be dropped in silence: all of its text would go to one speaker.
/// </summary>
internal static class UnreadTimes
{
    // Objects with more numbers than this are no texts with times; each is looked for in every object.
    private const int MostMembers = 16;

    private static readonly SearchValues<char> BetweenTimes = SearchValues.Create(" -–—>→,");

    private static readonly HashSet<string> Times = new(StringComparer.Ordinal)
    {
        "start", "starts", "begin", "begins", "end", "ends", "stop", "finish", "offset", "offsets", "time", "times", "timestamp", "timestamps",
        "timecode", "ts", "from", "to", "onset", "t0", "t1", "starttime", "endtime", "startms", "endms",
        "tc", "tcin", "tcout", "timein", "timeout",
    };

    /// <summary>Names that mean times when they stand alone.</summary>
    private static readonly HashSet<string> Alone = new(StringComparer.OrdinalIgnoreCase) { "in", "out" };

    /// <summary>Words beside which a time is one of the program or of the clock on the wall, not of the recording.</summary>
    private static readonly HashSet<string> Others = new(StringComparer.Ordinal)
    {
        "processing", "elapsed", "created", "updated", "completed", "taken", "total", "inference", "execution", "latency", "wall", "load", "decode",
        "request", "queue", "real", "zone", "run", "expires", "of",
    };

    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal) { "usage", "metadata", "params", "config", "options", "stats", "timings", "logprobs", "model" };

    /// <summary>The first such member that was not read; null when there is none.</summary>
    public static JsonValue? First(JsonValue owner) => First(owner, inTime: false);

    /// <summary>
    /// The first of the unread members that grow from item to item like starts and ends, whatever they are called: two of which one
    /// is never above the other, or one with fractions. Null when there is none; numbers that count the items are none.
    /// </summary>
    public static JsonValue? Growing(IReadOnlyList<JsonValue> items)
    {
        if (items.Count < 2 || items.Any(item => !item.IsObject))
        {
            return null;
        }

        var grown = new List<(JsonValue First, double[] Values)>();
        foreach (JsonValue member in items[0].Children.Where(member => member.IsNumber && !member.Index.WasRead(member.Node)).Take(MostMembers))
        {
            string name = member.MemberName;
            double[] values = [.. items.Select(item => item.TryGet(name, out JsonValue value) && value.IsNumber ? value.Number() : double.NaN)];
            if (values.Zip(values.Skip(1), (value, next) => next >= value).All(grows => grows) && values[^1] > values[0])
            {
                grown.Add((member, values));
            }
        }

        foreach ((JsonValue first, double[] values) in grown)
        {
            bool counts = values.All(double.IsInteger) && values.Zip(values.Skip(1), (value, next) => next - value).All(step => step <= 1);
            bool starts = !counts && grown.Any(other => other.First.Node != first.Node && other.Values.Zip(values, (end, start) => end >= start).All(after => after) && !other.Values.SequenceEqual(values));
            if (starts || (items.Count > 2 && values.Any(value => !double.IsInteger(value)) && values.Distinct().Count() == values.Length))
            {
                return first;
            }
        }

        return null;
    }

    private static JsonValue? First(JsonValue value, bool inTime)
    {
        foreach (JsonValue child in value.Children)
        {
            bool named = child.NameStart >= 0;
            string name = named ? child.MemberName : "";
            bool time = inTime || (named && LooksLikeTime(name));
            if (named && Skipped.Contains(name))
            {
                continue;
            }

            if (time && !child.Index.WasRead(child.Node) && IsTime(child))
            {
                return child;
            }

            if ((child.IsObject || child.IsArray) && First(child, time) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static bool IsTime(JsonValue value) =>
        value.IsNumber || (value.IsString && JsonText.Read(value.Index, value.Start) is var text && (ClockTime.TryParseAny(text, out _) || IsPairOfTimes(text)));

    /// <summary>Two times in one text, such as <c>00:04 - 00:07</c> or <c>4.0-7.5</c>.</summary>
    private static bool IsPairOfTimes(string text)
    {
        text = text.Trim('(', ')', '[', ']', ' ');
        int between = text.AsSpan().IndexOfAny(BetweenTimes);
        int behind = text.AsSpan().LastIndexOfAny(BetweenTimes);
        if (between <= 0)
        {
            return false;
        }

        ReadOnlySpan<char> first = text.AsSpan(0, between);
        ReadOnlySpan<char> last = text.AsSpan(behind + 1);
        bool apart = text.AsSpan(between, behind + 1 - between).IndexOfAnyExcept(BetweenTimes) < 0;
        return (ClockTime.TryParse(first, out _) && ClockTime.TryParse(last, out _)) || (apart && IsNumber(first) && IsNumber(last));
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => double.TryParse(text.TrimEnd('s'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    private static bool LooksLikeTime(string name)
    {
        string[] parts = [.. Parts(name)];
        return Alone.Contains(name) || (parts.Any(Times.Contains) && !parts.Any(Others.Contains));
    }

    /// <summary>The words of a name in snake case or camel case, in lower case.</summary>
    private static IEnumerable<string> Parts(string name)
    {
        int start = 0;
        for (int i = 1; i <= name.Length; i++)
        {
            if (i == name.Length || name[i] is '_' or '-' or ' ' || (char.IsUpper(name[i]) && !char.IsUpper(name[i - 1])))
            {
                yield return name[start..i].Trim('_', '-', ' ').ToLowerInvariant();
                start = i;
            }
        }
    }
}
