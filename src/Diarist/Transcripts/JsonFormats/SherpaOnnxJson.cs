using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>sherpa-onnx results: tokens, their starts and (from transducers) durations in parallel arrays; one object per line.</summary>
internal sealed class SherpaOnnxJson : JsonDialect
{
    // Where no duration is given a token lasts until the next one, but no longer than a slow syllable.
    private const double LongestToken = 0.4;

    public override bool Recognizes(JsonValue value) => value.HasArray("tokens") && value.HasArray("timestamps");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        string? text = value.TextOf("text");
        into.Language ??= value.TextOf("lang") is { Length: > 0 } language ? language : null;
        double origin = value.TimeOf("start_time") ?? 0;
        int first = into.Count;
        JsonValue[] tokens = [.. value.ItemsOf("tokens")];
        if (tokens.Length > 0)
        {
            into.Segment(text, null, owner: value);
            into.Tokens([.. Timed(value, tokens, origin)], text, null);
        }
        else if (value.HasArray("segment_texts"))
        {
            ReadSegments(value, into, origin);
        }
        else
        {
            into.Segment(text ?? "", null, owner: value);
        }

        foreach (JsonValue word in value.TryGet("speaker_words", out JsonValue spoken) && spoken.IsArray ? spoken.Children.Where(item => item.IsObject) : [])
        {
            if (word.RangeOf("start", "end") is { } range && JsonItem.SpeakerOf(word) is { } speaker)
            {
                into.Turn(range, speaker);
            }
        }

        into.ListSlot(value, first);
        return "sherpa-onnx";
    }

    private static IEnumerable<TimedToken> Timed(JsonValue value, JsonValue[] tokens, double origin)
    {
        double[] starts = Numbers(value, "timestamps", tokens.Length);
        double[] durations = value.ItemsOf("durations").Any() ? Numbers(value, "durations", tokens.Length) : [];
        for (int i = 0; i < tokens.Length; i++)
        {
            double next = i + 1 < starts.Length ? starts[i + 1] : double.PositiveInfinity;
            if (next < starts[i])
            {
                int place = i + 1;
                value.Index.Notes.Add(ReadingNote.BackwardTime, () => value.ItemsOf("timestamps").ElementAt(place).Error("the times run backwards here"));
            }

            double length = durations.Length > 0 ? durations[i] : Math.Min(Math.Max(0, next - starts[i]), LongestToken);
            yield return new TimedToken(tokens[i].Text(), new TimeRange(origin + starts[i], origin + starts[i] + Math.Max(0, length)));
        }
    }

    private static void ReadSegments(JsonValue value, JsonTranscriptBuilder into, double origin)
    {
        JsonValue[] texts = [.. value.ItemsOf("segment_texts")];
        double[] starts = Numbers(value, "segment_timestamps", texts.Length);
        double[] durations = Numbers(value, "segment_durations", texts.Length);
        for (int i = 0; i < texts.Length; i++)
        {
            into.Segment(texts[i].Text(), new TimeRange(origin + starts[i], origin + starts[i] + Math.Max(0, durations[i])));
        }
    }

    private static double[] Numbers(JsonValue value, string name, int count)
    {
        double[] numbers = [.. value.ItemsOf(name).Select(item => item.Seconds() ?? 0)];
        return numbers.Length == count ? numbers : throw value.Error($"`{name}` has {numbers.Length} items where {count} were expected");
    }
}
