using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// The shape that openai-whisper set: <c>segments</c> with text, start and end, and words inside them or beside them.
/// Written so by openai-whisper, faster-whisper, WhisperX, the OpenAI API (verbose_json, diarized_json), Voxtral and Diarist.
/// </summary>
internal sealed class WhisperJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) => value.HasArray("segments") || (value.Has("text") && value.HasObjects("words"));

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        into.Language ??= value.TryGet("language", out JsonValue language) && language.IsString ? language.Text() : null;
        int first = into.Count;
        JsonValue[] segments = [.. value.ItemsOf("segments")];
        double unit = JsonTimeUnit.Of(segments.Any(segment => JsonItem.PairOf(segment) is not null) ? segments : [.. segments.SelectMany(segment => segment.ItemsOf("words"))]);
        JsonValue[] repeated = [.. value.ItemsOf("word_segments")];
        var strays = new Queue<StrayWords>(StrayWords.Of(segments, repeated, unit));
        HashSet<int> own = [.. strays.SelectMany(stray => stray.Words).Select(word => word.Node)];
        foreach (JsonValue segment in segments)
        {
            if (strays.Count > 0)
            {
                StrayWords.ReadBefore(JsonItem.TimesOf(segment.RequireObject(), unit)?.Start, strays, into, unit);
            }

            ReadSegment(segment, into, unit);
        }

        StrayWords.ReadBefore(double.PositiveInfinity, strays, into, unit);
        string? whole = value.TryGet("text", out JsonValue text) && text.IsString ? text.Text() : null;
        bool bare = Enumerable.Range(first, into.Count - first).All(segment => into.WordCount(segment) == 0);
        if (value.HasObjects("words") && bare)
        {
            WordsBeside.Read(value, whole, into, first);
        }
        else if (into.Count == first && !string.IsNullOrWhiteSpace(whole))
        {
            into.Segment(whole, null, value, JsonItem.SpeakerOf(value));
        }

        if (whole is not null)
        {
            into.Whole(whole, value);
        }

        if (repeated.Length > 0)
        {
            into.Whole(string.Join(' ', repeated.Select(word => word.RequireObject().TextOf("word") ?? JsonItem.TextOf(word))), value);
            MarkRepeatedWords(repeated, own, into, first);
        }

        return Name(value, segments);
    }

    /// <summary>One segment with its words.</summary>
    internal static void ReadSegment(JsonValue segment, JsonTranscriptBuilder into, double unit = 1)
    {
        bool words = segment.RequireObject().HasObjects("words");
        string? text = words && !segment.TryGet("text", out _) ? null : JsonItem.RequireText(segment, "a segment");
        into.Segment(text, JsonItem.TimesOf(segment, unit), segment, JsonItem.SpeakerOf(segment));
        foreach (JsonValue word in segment.ItemsOf("words"))
        {
            ReadWord(word, into, unit);
        }
    }

    /// <summary>One word; its text and confidence go by several names.</summary>
    internal static void ReadWord(JsonValue word, JsonTranscriptBuilder into, double unit = 1)
    {
        word.RequireObject();
        string text = word.TextOf("punctuated_word") ?? word.TextOf("word") ?? JsonItem.RequireText(word, "a word");
        into.Word(text, JsonItem.TimesOf(word, unit), word, JsonItem.ConfidenceOf(word, "probability", "score", "confidence"), JsonItem.SpeakerOf(word));
    }

    /// <summary>WhisperX repeats all words in <c>word_segments</c>; they get the same speakers as long as they are the same words.</summary>
    private static void MarkRepeatedWords(JsonValue[] repeated, HashSet<int> own, JsonTranscriptBuilder into, int first)
    {
        (int Segment, int Word)[] places =
            [.. Enumerable.Range(first, into.Count - first).SelectMany(segment => Enumerable.Range(0, into.WordCount(segment)).Select(word => (segment, word)))];
        for (int i = 0; i < repeated.Length; i++)
        {
            if (own.Contains(repeated[i].RequireObject().Node))
            {
                continue;
            }

            if (repeated.Length == places.Length)
            {
                into.Slot(repeated[i], places[i].Segment, places[i].Word);
            }
            else if (repeated[i].RangeOf("start", "end") is { } range)
            {
                into.Repeats(repeated[i], range);
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
            _ when segments.Length > 0 && segments[0].Has("speaker_id") => "voxtral",
            _ when segments.Length > 0 && segments[0].Has("type") => "openai-diarized",
            _ when value.Has("task") && value.Has("duration") => "openai-verbose",
            _ => "whisper",
        };
    }
}
