using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// Azure AI Speech: batch transcription (<c>recognizedPhrases</c>, of each the first of <c>nBest</c>, times in ticks of 100 ns
/// or as ISO durations) and fast transcription (<c>phrases</c>, times in milliseconds, plainly <c>offset</c> and <c>duration</c> in its first versions).
/// </summary>
internal sealed class AzureJson : JsonDialect
{
    private const double TicksPerSecond = 1e7;
    private const double MillisecondsPerSecond = 1000;

    public override bool Recognizes(JsonValue value) => value.HasArray("recognizedPhrases") || (value.HasArray("phrases") && (value.HasArray("combinedPhrases") || value.Has("durationMilliseconds")));

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        bool batch = value.HasArray("recognizedPhrases");
        foreach (JsonValue phrase in value.ItemsOf(batch ? "recognizedPhrases" : "phrases"))
        {
            into.Language ??= phrase.RequireObject().TextOf("locale");
            JsonValue? first = batch ? phrase.FirstOf("nBest") : phrase;
            if (first is not { } best)
            {
                if (phrase.TextOf("recognitionStatus") is null or "Success")
                {
                    throw phrase.Error("a recognized phrase without `nBest`");
                }

                continue;
            }

            into.Segment(best.TextOf(batch ? "display" : "text") ?? best.TextOf("lexical") ?? throw best.Error("a phrase without a text"), TimesOf(phrase, batch), phrase, JsonItem.SpeakerOf(phrase));
            bool shown = best.HasArray("displayWords") && best.ItemsOf("displayWords").Any();
            foreach (JsonValue word in best.ItemsOf(shown ? "displayWords" : "words"))
            {
                string text = word.RequireObject().TextOf("displayText") ?? word.TextOf("word") ?? word.TextOf("text") ?? throw word.Error("a word without a `word`");
                into.Word(text, TimesOf(word, batch), word, JsonItem.ConfidenceOf(word, "confidence"));
            }
        }

        foreach (JsonValue whole in value.ItemsOf(batch ? "combinedRecognizedPhrases" : "combinedPhrases").Where(item => item.IsObject))
        {
            if ((JsonItem.TextOf(whole) ?? whole.TextOf("display")) is { } text)
            {
                into.Whole(text, whole);
            }
        }

        return batch ? "azure-batch" : "azure-fast";
    }

    private static TimeRange? TimesOf(JsonValue item, bool batch) =>
        item.Has("offsetMilliseconds") ? item.RangeFrom("offsetMilliseconds", "durationMilliseconds", MillisecondsPerSecond)
        : item.Has("offsetInTicks") ? item.RangeFrom("offsetInTicks", "durationInTicks", TicksPerSecond)
        : item.RangeFrom("offset", "duration", item.TryGet("offset", out JsonValue offset) && !offset.IsNumber ? 1 : batch ? TicksPerSecond : MillisecondsPerSecond);
}
