using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// NeMo (Parakeet, Canary): manifest lines with <c>pred_text</c> and the words in <c>word</c> (<c>timestamps_word</c>
/// up to NeMo 2.0), or a hypothesis with <c>timestamp</c>: { <c>word</c>: […] }.
/// </summary>
internal sealed class NemoJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) =>
        value.IsObject && !value.HasObjects("segments") && (value.HasText("audio_filepath") || value.Children.Any(member => IsPrediction(member.MemberName)) || WordsOf(value) is { IsString: false });

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        JsonValue? predicted = value.RequireObject().Children.Cast<JsonValue?>().FirstOrDefault(member => IsPrediction(member!.Value.MemberName));
        string? text = predicted is { } said ? said.Text() : value.TextOf("text");
        string? recording = value.TextOf("audio_filepath");
        JsonValue[] words = [.. WordsOf(value)?.Items ?? (value.HasObjects("words") ? value.ItemsOf("words") : [])];
        if (words.Length == 0 && value.TryGet("timestamp", out JsonValue nested) && nested.HasObjects("segment"))
        {
            foreach (JsonValue segment in nested.ItemsOf("segment"))
            {
                into.Segment(JsonItem.RequireText(segment, "a segment"), segment.RangeOf("start", "end"), segment, JsonItem.SpeakerOf(segment), recording);
            }

            into.Whole(text ?? "", value);
            return "nemo";
        }

        // A manifest line may be a stretch of its recording.
        TimeRange? stretch = words.Length == 0 && value.Has("offset") ? value.RangeFrom("offset", "duration") : null;
        into.Segment(text ?? throw value.Error("a line without a `pred_text`"), stretch, value, JsonItem.SpeakerOf(value), recording);
        foreach (JsonValue word in words)
        {
            string spoken = word.RequireObject().TextOf("word") ?? throw word.Error("a word without a `word`");
            if (!word.Has("start") && word.Has("start_offset"))
            {
                throw word.Error("it has only frame offsets, whose length depends on the model; write the seconds too (NeMo 2 does: `start`, `end`)");
            }

            into.Word(spoken, word.RangeOf("start", "end"), word, JsonItem.ConfidenceOf(word, "confidence"), JsonItem.SpeakerOf(word));
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
