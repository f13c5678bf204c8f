using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// A list at the top, or its items one on each line: SegLST, dumped segments (faster-whisper), captions, or dumped word,
/// token or character timings of a CTC aligner.
/// </summary>
internal static class BareListJson
{
    private static readonly string[] Units = ["word", "token", "char"];
    private static readonly string[] SegmentMarks = ["words", "seek", "avg_logprob", "no_speech_prob"];

    /// <summary>
    /// Whether a value is an item: a text beside times of its own, and nothing that makes it a file of its own, such as tokens with texts (faster-whisper's
    /// are numbers).
    /// </summary>
    public static bool IsItem(JsonValue value) =>
        value.IsObject && value.FirstOf("tokens") is not ({ IsString: true } or { IsObject: true }) && !value.HasArray("segments")
        && (IsSegLst(value) || HasBareWords(value) || ((JsonItem.TextOf(value) is not null || JsonItem.HasNoText(value) || Units.Any(value.HasText)) && JsonItem.HasTimes(value)));

    public static string Read(IReadOnlyList<JsonValue> items, JsonTranscriptBuilder into)
    {
        foreach (JsonValue partial in items.Where(IsPartial))
        {
            into.Partial(partial);
        }

        items = [.. items.Where(item => !IsPartial(item))];
        if (items.Count == 0)
        {
            return "list";
        }

        double unit = JsonTimeUnit.Of(items.Any(item => JsonItem.PairOf(item) is not null) ? items : [.. items.Where(item => item.HasObjects("words")).SelectMany(item => item.ItemsOf("words"))]);
        if (items.All(IsSegLst))
        {
            foreach (JsonValue item in items)
            {
                into.Segment(item.TextOf("words"), item.RangeOf("start_time", "end_time"), item, JsonItem.SpeakerOf(item), item.LabelOf("session_id"));
            }

            return "seglst";
        }

        if (items.Any(item => SegmentMarks.Any(item.Has)))
        {
            foreach (JsonValue item in items)
            {
                WhisperJson.ReadSegment(item, into, unit);
            }

            return "whisper";
        }

        if (Units.FirstOrDefault(items[0].HasText) is { } name)
        {
            ReadUnits(items, name, unit, into);
            return "timings";
        }

        into.Items(null, [.. items.Select(item => (item, JsonItem.RequireText(item, "an item"), JsonItem.TimesOf(item, unit), JsonItem.ConfidenceOf(item, "score", "confidence", "probability")))]);
        return "timings";
    }

    private static void ReadUnits(IReadOnlyList<JsonValue> items, string name, double unit, JsonTranscriptBuilder into)
    {
        var units = items.Select(item => (Place: item, Text: item.RequireObject().TextOf(name) ?? throw item.Error($"an item without a `{name}`"), Range: JsonItem.TimesOf(item, unit))).ToArray();
        if (name == "word")
        {
            into.Items(null, [.. units.Select(item => (item.Place, item.Text, item.Range, JsonItem.ConfidenceOf(item.Place, "score", "confidence", "probability", "conf")))], segments: false);
            return;
        }

        into.Segment(null, null);
        into.Tokens([.. units.Select(item => new TimedToken(item.Text, item.Range))], null, items);
    }

    /// <summary>A stretch of speech of which only the words have text and times.</summary>
    private static bool HasBareWords(JsonValue value) =>
        !value.Has("text") && value.HasObjects("words") && value.FirstOf("words") is { } first && JsonItem.TextOf(first) is not null && JsonItem.HasTimes(first);

    /// <summary>A result that a later one replaces, in the saved lines of a recognizer that listens.</summary>
    private static bool IsPartial(JsonValue item) => item.IsObject && ((item.TryGet("is_final", out JsonValue final) && final.IsFalse) || (item.TryGet("final", out final) && final.IsFalse));

    private static bool IsSegLst(JsonValue item) => item.IsObject && item.Has("session_id") && item.HasText("words");
}
