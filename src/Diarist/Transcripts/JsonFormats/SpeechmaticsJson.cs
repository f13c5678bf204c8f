using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>Speechmatics <c>json-v2</c>: <c>results</c> of words and punctuation, each with alternatives of which the first counts.</summary>
internal sealed class SpeechmaticsJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) =>
        value.HasArray("results") && value.FirstOf("results") is { IsObject: true } first && first.HasText("type") && first.HasObjects("alternatives");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        into.Segment(null, null);
        foreach (JsonValue item in value.ItemsOf("results"))
        {
            JsonValue best = item.RequireObject().FirstOf("alternatives") ?? throw item.Error("an item without alternatives");
            string content = best.RequireObject().TextOf("content") ?? throw best.Error("an alternative without a `content`");
            into.Language ??= best.TextOf("language");
            bool joins = item.TextOf("attaches_to") is "previous" or "both" || item.TextOf("type") == "punctuation";
            into.Word(content, item.RangeOf("start_time", "end_time"), item, JsonItem.ConfidenceOf(best, "confidence"), SpeakerOf(best) ?? SpeakerOf(item), joins);
            into.Slot(best, into.Count - 1, into.WordCount(into.Count - 1) - 1);
        }

        return "speechmatics";
    }

    /// <summary>UU is Speechmatics' name for a speaker that is not known.</summary>
    private static string? SpeakerOf(JsonValue value) => JsonItem.SpeakerOf(value) is { } speaker && speaker != "UU" ? speaker : null;
}
