using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// Deepgram: <c>results.channels</c>, of each the first alternative with its words. <c>utterances</c> and <c>paragraphs</c>
/// repeat them, speakers included.
/// </summary>
internal sealed class DeepgramJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) => value.TryGet("results", out JsonValue results) && results.HasArray("channels");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        value.TryGet("results", out JsonValue results);
        if (ReadUtterances(results, into))
        {
            return "deepgram";
        }

        foreach ((int number, JsonValue channel) in results.ItemsOf("channels").Index())
        {
            JsonValue best = channel.RequireObject().FirstOf("alternatives") ?? throw channel.Error("a channel without alternatives");
            into.Language ??= channel.TextOf("detected_language");
            if (!best.RequireObject().HasArray("words") && !best.HasText("transcript"))
            {
                throw best.Error("an alternative without a `transcript`");
            }

            into.Segment(best.TextOf("transcript"), null, best, JsonItem.SpeakerOf(best));
            into.Channel(number);
            foreach (JsonValue word in best.ItemsOf("words"))
            {
                string text = word.RequireObject().TextOf("punctuated_word") ?? word.TextOf("word") ?? throw word.Error("a word without a `word`");
                into.Word(text, word.RangeOf("start", "end"), word, JsonItem.ConfidenceOf(word, "confidence"), JsonItem.SpeakerOf(word));
            }

            foreach (JsonValue paragraph in best.TryGet("paragraphs", out JsonValue paragraphs) && paragraphs.HasArray("paragraphs") ? paragraphs.ItemsOf("paragraphs") : [])
            {
                ReadRepeated(paragraph, into);
            }
        }

        foreach (JsonValue utterance in results.HasArray("utterances") ? results.ItemsOf("utterances") : [])
        {
            ReadRepeated(utterance, into);
            foreach (JsonValue word in utterance.HasArray("words") ? utterance.ItemsOf("words") : [])
            {
                ReadRepeated(word, into);
            }
        }

        return "deepgram";
    }

    /// <summary>Reads the utterances where they alone have times: the words are left out of the answer. False where they are not.</summary>
    private static bool ReadUtterances(JsonValue results, JsonTranscriptBuilder into)
    {
        JsonValue[] utterances = [.. results.HasObjects("utterances") ? results.ItemsOf("utterances") : []];
        JsonValue?[] best = [.. results.ItemsOf("channels").Select(channel => channel.FirstAlternative())];
        if (utterances.Length == 0 || !utterances.All(item => item.HasText("transcript") && JsonItem.HasTimes(item)) || best.Any(item => item is { } known && known.HasArray("words") && known.ItemsOf("words").Any()))
        {
            return false;
        }

        foreach (JsonValue utterance in utterances)
        {
            into.Segment(utterance.TextOf("transcript"), utterance.RangeOf("start", "end"), utterance, JsonItem.SpeakerOf(utterance));
        }

        foreach (JsonValue whole in best.OfType<JsonValue>().Where(item => item.HasText("transcript")))
        {
            into.Whole(whole.TextOf("transcript")!, whole);
        }

        return true;
    }

    private static void ReadRepeated(JsonValue item, JsonTranscriptBuilder into)
    {
        if (item.IsObject && item.RangeOf("start", "end") is { } range)
        {
            into.Repeats(item, range);
        }
    }
}
