using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>Vosk results: <c>result</c> with words, or <c>alternatives</c> of which the first counts; one object per utterance.</summary>
internal sealed class VoskJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) =>
        (value.HasArray("result") && value.Has("text")) || (value.HasArray("alternatives") && value.ItemsOf("alternatives").FirstOrDefault() is { IsObject: true });

    /// <summary>Results of silence have no words, and partial ones are repeated by the result that follows.</summary>
    public override bool Continues(JsonValue value) => Recognizes(value) || value.HasText("text") || value.HasText("partial");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        JsonValue best = value.RequireObject().ItemsOf("alternatives").Cast<JsonValue?>().FirstOrDefault() ?? value;
        string text = best.RequireObject().TextOf("text") ?? (value.HasText("partial") ? "" : throw best.Error("a result without a `text`"));
        if (text.Length > 0)
        {
            into.Segment(text, null, best, JsonItem.SpeakerOf(best));
            foreach (JsonValue word in best.ItemsOf("result"))
            {
                string spoken = word.RequireObject().TextOf("word") ?? throw word.Error("a word without a `word`");
                into.Word(spoken, word.RangeOf("start", "end"), word, JsonItem.ConfidenceOf(word, "conf"), JsonItem.SpeakerOf(word));
            }
        }

        return "vosk";
    }
}
