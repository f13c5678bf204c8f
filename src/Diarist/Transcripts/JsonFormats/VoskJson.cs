namespace Diarist.Transcripts.JsonFormats;

/// <summary>Vosk results: <c>result</c> with words, or <c>alternatives</c> of which the first counts; one object per utterance.</summary>
internal sealed class VoskJson : JsonDialect
{
    public override bool Recognises(JsonValue value) =>
        (value.HasArray("result") && value.Has("text")) || (value.HasArray("alternatives") && value.ItemsOf("alternatives").FirstOrDefault() is { IsObject: true });

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        JsonValue best = value.RequireObject().ItemsOf("alternatives").Cast<JsonValue?>().FirstOrDefault() ?? value;
        string text = best.TextOf("text") ?? throw best.Error("a result without a `text`");
        if (text.Length > 0)
        {
            into.Segment(text, null, best, best.LabelOf("speaker"));
            foreach (JsonValue word in best.ItemsOf("result"))
            {
                string spoken = word.RequireObject().TextOf("word") ?? throw word.Error("a word without a `word`");
                into.Word(spoken, word.RangeOf("start", "end"), word, word.NumberOf("conf"), word.LabelOf("speaker"));
            }
        }

        return "vosk";
    }
}
