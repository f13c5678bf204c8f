namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// NeMo (Parakeet, Canary): manifest lines with <c>pred_text</c> and the words in <c>word</c> (<c>timestamps_word</c>
/// up to NeMo 2.0), or a hypothesis with <c>timestamp</c>: { <c>word</c>: […] }.
/// </summary>
internal sealed class NemoJson : JsonDialect
{
    public override bool Recognises(JsonValue value) =>
        value.IsObject && (value.Children.Any(member => IsPrediction(member.MemberName)) || WordsOf(value) is { IsString: false });

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        JsonValue? predicted = value.RequireObject().Children.Cast<JsonValue?>().FirstOrDefault(member => IsPrediction(member!.Value.MemberName));
        string? text = predicted?.Text() ?? value.TextOf("text");
        into.Segment(text, null, value, value.LabelOf("speaker"), value.TextOf("audio_filepath"));
        foreach (JsonValue word in WordsOf(value)?.Items ?? [])
        {
            string spoken = word.RequireObject().TextOf("word") ?? throw word.Error("a word without a `word`");
            if (!word.Has("start") && word.Has("start_offset"))
            {
                throw word.Error("it has only frame offsets, whose length depends on the model; write the seconds too (NeMo 2 does: `start`, `end`)");
            }

            into.Word(spoken, word.RangeOf("start", "end"), word, word.NumberOf("confidence"), word.LabelOf("speaker"));
        }

        return "nemo";
    }

    private static bool IsPrediction(string name) => name.StartsWith("pred_text", StringComparison.Ordinal);

    private static JsonValue? WordsOf(JsonValue value)
    {
        foreach (string name in (string[])["word", "timestamps_word"])
        {
            if (value.TryGet(name, out JsonValue words))
            {
                return words;
            }
        }

        return value.TryGet("timestamp", out JsonValue nested) && nested.IsObject && nested.TryGet("word", out JsonValue inner) ? inner : null;
    }
}
