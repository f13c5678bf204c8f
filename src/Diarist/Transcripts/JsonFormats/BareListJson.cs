namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// A list at the top: SegLST, dumped segments (faster-whisper), or dumped word, token or character timings of a CTC
/// aligner. Each item of the list comes here on its own.
/// </summary>
internal sealed class BareListJson : JsonDialect
{
    private static readonly string[] Units = ["word", "token", "char", "text"];

    public override bool Recognises(JsonValue value) =>
        value.IsArray && value.Children.FirstOrDefault() is { IsObject: true } first && (IsSegLst(first) || IsSegment(first) || IsUnit(first));

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        JsonValue[] items = value.IsArray ? [.. value.Items] : [];
        if (items.Length == 0)
        {
            return "list";
        }

        if (IsSegLst(items[0]))
        {
            foreach (JsonValue item in items)
            {
                string text = item.RequireObject().TextOf("words") ?? throw item.Error("an item without `words`");
                into.Segment(text, item.RangeOf("start_time", "end_time"), item, item.LabelOf("speaker"), item.TextOf("session_id"));
            }

            return "seglst";
        }

        if (IsSegment(items[0]))
        {
            foreach (JsonValue item in items)
            {
                WhisperJson.ReadSegment(item, into);
            }

            return "whisper";
        }

        ReadUnits(items, into);
        return "timings";
    }

    private static void ReadUnits(JsonValue[] items, JsonTranscriptBuilder into)
    {
        string unit = Units.First(name => items[0].Has(name));
        into.Segment(null, null);
        var tokens = new List<TimedToken>();
        foreach (JsonValue item in items)
        {
            string text = item.RequireObject().TextOf(unit) ?? throw item.Error($"an item without a `{unit}`");
            TimeRange? range = item.RangeOf("start", "end") ?? item.RangeOf("start_time", "end_time");
            if (unit is "word" or "text")
            {
                into.Word(text, range, item, item.NumberOf("score") ?? item.NumberOf("confidence"), item.LabelOf("speaker"));
            }
            else
            {
                tokens.Add(new TimedToken(text, range));
            }
        }

        into.Tokens(tokens, null, items);
    }

    private static bool IsSegLst(JsonValue item) => item.Has("session_id") && item.TryGet("words", out JsonValue words) && words.IsString;

    private static bool IsSegment(JsonValue item) => item.Has("text") && item.Has("start") && (item.Has("words") || item.Has("seek") || item.Has("id"));

    private static bool IsUnit(JsonValue item) => Units.Any(item.Has) && (item.Has("start") || item.Has("start_time"));
}
