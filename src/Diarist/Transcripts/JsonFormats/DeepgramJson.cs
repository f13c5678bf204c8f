namespace Diarist.Transcripts.JsonFormats;

/// <summary>Deepgram: <c>results.channels</c>, of each the first alternative with its words.</summary>
internal sealed class DeepgramJson : JsonDialect
{
    public override bool Recognises(JsonValue value) => value.TryGet("results", out JsonValue results) && results.HasArray("channels");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        value.TryGet("results", out JsonValue results);
        foreach (JsonValue channel in results.ItemsOf("channels"))
        {
            JsonValue best = channel.RequireObject().ItemsOf("alternatives").Cast<JsonValue?>().FirstOrDefault() ?? throw channel.Error("a channel without alternatives");
            into.Language ??= channel.TextOf("detected_language");
            into.Segment(best.TextOf("transcript"), null, best, best.LabelOf("speaker"));
            foreach (JsonValue word in best.ItemsOf("words"))
            {
                string text = word.RequireObject().TextOf("punctuated_word") ?? word.TextOf("word") ?? throw word.Error("a word without a `word`");
                into.Word(text, word.RangeOf("start", "end"), word, word.NumberOf("confidence"), word.LabelOf("speaker"));
            }
        }

        return "deepgram";
    }
}
