using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// <c>sentences</c> with times and perhaps words or tokens: parakeet-mlx, AssemblyAI's export of sentences, Fireflies, and
/// DashScope (Paraformer), whose <c>begin_time</c> and <c>end_time</c> are milliseconds and whose words have their punctuation apart.
/// </summary>
internal sealed class SentencesJson : JsonDialect
{
    private const double Milliseconds = 1000;

    public override bool Recognizes(JsonValue value) =>
        value.HasObjects("sentences") && value.FirstOf("sentences") is { } first && JsonItem.TextOf(first) is not null && (JsonItem.HasTimes(first) || first.Has("begin_time"));

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        JsonValue[] sentences = [.. value.ItemsOf("sentences")];
        double unit = JsonTimeUnit.Of(sentences);
        foreach (JsonValue sentence in sentences)
        {
            into.Segment(JsonItem.RequireText(sentence, "a sentence"), TimesOf(sentence, unit), sentence, JsonItem.SpeakerOf(sentence) ?? JsonItem.SpeakerOf(value));
            foreach (JsonValue word in sentence.HasObjects("words") ? sentence.ItemsOf("words") : [])
            {
                string text = JsonItem.RequireText(word, "a word") is var bare && word.HasText("punctuation") ? bare.TrimEnd() + word.TextOf("punctuation") : bare;
                into.Word(text, TimesOf(word, unit), word, JsonItem.ConfidenceOf(word, "confidence"), JsonItem.SpeakerOf(word));
            }

            if (sentence.HasObjects("tokens"))
            {
                JsonValue[] tokens = [.. sentence.ItemsOf("tokens")];
                into.Tokens([.. tokens.Select(token => new TimedToken(JsonItem.RequireText(token, "a token"), TimesOf(token, unit)))], sentence.TextOf("text"), tokens);
            }
        }

        if (value.HasText("text"))
        {
            into.Whole(value.TextOf("text")!, value);
        }

        return "sentences";
    }

    private static TimeRange? TimesOf(JsonValue item, double unit) =>
        item.Has("begin_time") ? item.RangeOf("begin_time", "end_time", Milliseconds) : JsonItem.TimesOf(item, unit);
}
