using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>The names under which the tools of the field write the text, the times and the speaker of a word or segment.</summary>
internal static class JsonItem
{
    private const double Milliseconds = 1000;

    /// <summary>Members that name a speaker, in the order in which they count.</summary>
    public static readonly string[] SpeakerNames =
        ["speaker", "speaker_id", "speaker_label", "speakerId", "speakerLabel", "speaker_name", "speakerTag", "speaker_tag", "spk", "spk_id", "Speaker"];

    // Where the speaker is an object.
    private static readonly string[] PersonNames = ["name", "label", "id"];

    private static readonly string[] Texts = ["text", "word", "sentence", "transcript", "content", "punctuated_word", "utterance", "Text", "segment", "value", "body", "Content", "DisplayText", "display_text", "caption"];

    private static readonly (string Start, string End, double PerSecond)[] Ends =
    [
        ("start", "end", 1), ("start_time", "end_time", 1), ("startTime", "endTime", 1), ("start", "stop", 1), ("begin", "end", 1),
        ("from", "to", 1), ("ts", "end_ts", 1), ("startOffset", "endOffset", 1), ("start_ts", "end_ts", 1), ("t_start", "t_end", 1),
        ("Start", "End", 1), ("StartTime", "EndTime", 1), ("time_begin", "time_end", 1), ("time_start", "time_end", 1), ("data_start", "data_end", 1),
        ("start_sec", "end_sec", 1), ("start_seconds", "end_seconds", 1), ("startSeconds", "endSeconds", 1), ("startSec", "endSec", 1),
        ("start_ms", "end_ms", Milliseconds), ("startMs", "endMs", Milliseconds), ("start_time_ms", "end_time_ms", Milliseconds),
        ("startTimeMs", "endTimeMs", Milliseconds), ("startMillis", "endMillis", Milliseconds), ("BeginOffsetMillis", "EndOffsetMillis", Milliseconds),
    ];

    private static readonly (string Start, string Duration, double PerSecond)[] Durations =
    [
        ("start", "duration", 1), ("start", "dur", 1), ("start_time", "duration", 1), ("offset", "duration", 1),
        ("offsetMilliseconds", "durationMilliseconds", Milliseconds), ("tStartMs", "dDurationMs", Milliseconds),
    ];

    /// <summary>The text, under whichever name; null when there is none.</summary>
    public static string? TextOf(JsonValue item) => Texts.Where(item.HasText).Select(item.TextOf).FirstOrDefault();

    /// <summary>Whether the value, or anything in it, has a text with a letter or a digit.</summary>
    public static bool HoldsText(JsonValue value) =>
        (value.IsObject && TextOf(value) is { } text && text.Any(char.IsLetterOrDigit)) || value.Children.Any(child => (child.IsObject || child.IsArray) && HoldsText(child));

    /// <summary>Whether the item has a place for a text and nothing in it.</summary>
    public static bool HasNoText(JsonValue item) => TextOf(item) is null && item.Children.Any(IsEmptyText);

    /// <summary>The text, or an error that the item has none; a text that is null is empty, with a note.</summary>
    public static string RequireText(JsonValue item, string what)
    {
        if (item.RequireObject().Children.Cast<JsonValue?>().FirstOrDefault(member => IsEmptyText(member!.Value)) is { } empty && TextOf(item) is null)
        {
            empty.Note(ReadingNote.EmptyText, "the text is null");
            return "";
        }

        return TextOf(item) ?? (item.TryGet("text", out JsonValue other) || item.TryGet("word", out other) ? throw other.Error("a text was expected") : throw item.Error($"{what} without a `text`"));
    }

    /// <summary>The interval, under whichever names both its ends are; what is incomplete is asked about later.</summary>
    public static TimeRange? TimesOf(JsonValue item, double unit = 1)
    {
        foreach ((string start, string end, double perSecond) in Ends)
        {
            if (item.Has(start) && item.Has(end))
            {
                return item.RangeOf(start, end, Math.Max(unit, perSecond));
            }
        }

        foreach ((string start, string duration, double perSecond) in Durations)
        {
            if (item.Has(start) && item.Has(duration))
            {
                return item.RangeFrom(start, duration, Math.Max(unit, perSecond));
            }
        }

        return item.TryGet("timestamp", out JsonValue pair) && pair.IsArray ? PairOf(item, pair) : item.RangeOf(item.Has("start_time") ? "start_time" : "start", "end");
    }

    /// <summary>The start and the end, or the duration, under names that may stand for any unit; null when there are none.</summary>
    public static (JsonValue Start, JsonValue Other, bool IsDuration)? PairOf(JsonValue item)
    {
        foreach ((string start, string end, double perSecond) in Ends)
        {
            if (perSecond == 1 && item.TryGet(start, out JsonValue from) && item.TryGet(end, out JsonValue to))
            {
                return (from, to, false);
            }
        }

        foreach ((string start, string duration, double perSecond) in Durations)
        {
            if (perSecond == 1 && item.TryGet(start, out JsonValue from) && item.TryGet(duration, out JsonValue length))
            {
                return (from, length, true);
            }
        }

        return null;
    }

    /// <summary>Whether the item has a time of its own.</summary>
    public static bool HasTimes(JsonValue item) =>
        Ends.Any(names => item.Has(names.Start)) || Durations.Any(names => item.Has(names.Start) && item.Has(names.Duration))
        || (item.TryGet("timestamp", out JsonValue pair) && pair.IsArray && pair.Children.Take(3).Count() == 2 && !pair.Children.First().IsArray);

    /// <summary>The interval of a pair of times, of which either may be null.</summary>
    public static TimeRange? PairOf(JsonValue item, JsonValue pair, double perSecond = 1)
    {
        JsonValue[] ends = [.. pair.Items.Take(3)];
        if (ends.Length != 2)
        {
            throw pair.Error("a pair of times was expected");
        }

        double? first = ends[0].Seconds(perSecond);
        double? last = ends[1].Seconds(perSecond);
        if (first is null || last is null)
        {
            item.Index.MarkUntimed(item.Node);
            return first is { } instant ? new TimeRange(instant, instant) : null;
        }

        if (last < first)
        {
            ends[1].Note(ReadingNote.BackwardTime, "it ends before it starts");
        }

        return new TimeRange(first.Value, Math.Max(first.Value, last.Value));
    }

    /// <summary>The speaker, under whichever name; null when absent, null or empty.</summary>
    public static string? SpeakerOf(JsonValue item)
    {
        foreach (string name in SpeakerNames)
        {
            if (!item.TryGet(name, out JsonValue value))
            {
                continue;
            }

            if ((value.IsObject ? PersonOf(value) : LabelOf(item, name)) is { } label)
            {
                return label;
            }
        }

        return null;
    }

    /// <summary>Whom an object in the place of a speaker names; null when nobody.</summary>
    public static string? PersonOf(JsonValue person) => PersonNames.Select(name => LabelOf(person, name)).FirstOrDefault(label => label is not null);

    private static bool IsEmptyText(JsonValue member) => member.IsNull && member.NameStart >= 0 && Texts.Any(member.MemberIs);

    private static string? LabelOf(JsonValue item, string name) =>
        item.TryGet(name, out JsonValue value) && (value.IsString || value.IsNumber) ? item.LabelOf(name) : null;

    /// <summary>How sure the recognizer was, where that is a number from 0 to 1.</summary>
    public static double? ConfidenceOf(JsonValue item, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (item.NumberOf(name) is { } known)
            {
                return known is >= 0 and <= 1 ? known : null;
            }
        }

        return null;
    }
}
