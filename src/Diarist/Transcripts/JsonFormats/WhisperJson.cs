namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// The shape that openai-whisper set: <c>segments</c> with text, start and end, and words inside them or beside them.
/// Written so by openai-whisper, faster-whisper, WhisperX, the OpenAI API (verbose_json, diarized_json) and Diarist.
/// </summary>
internal sealed class WhisperJson : JsonDialect
{
    public override bool Recognises(JsonValue value) =>
        value.HasArray("segments") || (value.Has("text") && value.HasArray("words") && value.ItemsOf("words").FirstOrDefault() is { IsObject: true });

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        into.Language ??= value.TryGet("language", out JsonValue language) && language.IsString ? language.Text() : null;
        int first = into.Count;
        JsonValue[] segments = [.. value.ItemsOf("segments")];
        foreach (JsonValue segment in segments)
        {
            ReadSegment(segment, into);
        }

        bool bare = Enumerable.Range(first, into.Count - first).All(segment => into.WordsOf(segment).Count == 0);
        if (value.HasArray("words") && bare)
        {
            ReadWordsBeside(value, into, first);
        }

        if (value.HasArray("word_segments"))
        {
            MarkRepeatedWords(value, into, first);
        }

        return Name(value, segments);
    }

    /// <summary>One segment with its words.</summary>
    internal static void ReadSegment(JsonValue segment, JsonTranscriptBuilder into)
    {
        segment.RequireObject();
        into.Segment(segment.TextOf("text"), segment.RangeOf("start", "end"), segment, segment.LabelOf("speaker"));
        foreach (JsonValue word in segment.ItemsOf("words"))
        {
            ReadWord(word, into);
        }
    }

    /// <summary>One word; its text and confidence go by several names.</summary>
    internal static void ReadWord(JsonValue word, JsonTranscriptBuilder into)
    {
        word.RequireObject();
        string text = word.TextOf("word") ?? word.TextOf("text") ?? throw word.Error("a word without a `word`");
        double? confidence = word.NumberOf("probability") ?? word.NumberOf("score") ?? word.NumberOf("confidence");
        into.Word(text, word.RangeOf("start", "end"), word, confidence, word.LabelOf("speaker"));
    }

    /// <summary>The words of verbose_json stand beside the segments: each goes to the segment that it begins in.</summary>
    private static void ReadWordsBeside(JsonValue value, JsonTranscriptBuilder into, int first)
    {
        if (into.Count == first)
        {
            into.Segment(value.TextOf("text"), null);
        }

        int segment = first;
        foreach (JsonValue word in value.ItemsOf("words"))
        {
            word.RequireObject();
            string text = word.TextOf("word") ?? throw word.Error("a word without a `word`");
            segment = into.SegmentAt(segment, word.RangeOf("start", "end"));
            into.WordIn(segment, text, word.RangeOf("start", "end"), word);
        }
    }

    /// <summary>WhisperX repeats all words in <c>word_segments</c>; they get the same speakers as long as they are the same words.</summary>
    private static void MarkRepeatedWords(JsonValue value, JsonTranscriptBuilder into, int first)
    {
        (int Segment, int Word)[] places =
            [.. Enumerable.Range(first, into.Count - first).SelectMany(segment => Enumerable.Range(0, into.WordsOf(segment).Count).Select(word => (segment, word)))];
        JsonValue[] repeated = [.. value.ItemsOf("word_segments")];
        if (repeated.Length == places.Length)
        {
            for (int i = 0; i < places.Length; i++)
            {
                into.Slot(repeated[i].RequireObject(), places[i].Segment, places[i].Word);
            }
        }
    }

    private static string Name(JsonValue value, JsonValue[] segments)
    {
        JsonValue? word = segments.SelectMany(segment => segment.ItemsOf("words")).Cast<JsonValue?>().FirstOrDefault();
        return (value.Has("schema"), value.Has("word_segments") || word?.Has("score") == true) switch
        {
            (true, _) => "diarist",
            (_, true) => "whisperx",
            _ when segments.Length > 0 && segments[0].Has("type") => "openai-diarized",
            _ when value.Has("task") && value.Has("duration") => "openai-verbose",
            _ => "whisper",
        };
    }
}
