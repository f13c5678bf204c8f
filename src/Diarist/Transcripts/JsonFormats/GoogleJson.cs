using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// Google Cloud Speech-to-Text v1 (<c>startTime</c>, <c>speakerTag</c>) and v2 (<c>startOffset</c>, <c>speakerLabel</c>):
/// <c>results</c>, of each the first alternative. With diarization the last result of v1 repeats all words with their speakers.
/// </summary>
internal sealed class GoogleJson : JsonDialect
{
    // The last two pairs are those of its Python library.
    private static readonly (string Start, string End)[] Names = [("startTime", "endTime"), ("startOffset", "endOffset"), ("start_time", "end_time"), ("start_offset", "end_offset")];

    public override bool Recognizes(JsonValue value) =>
        TryResults(value, out JsonValue results) && results.Children.Any(result => result.FirstAlternative() is { } best && (best.HasText("transcript") || best.HasArray("words")))
        && results.Children.All(result => result.IsObject && (result.FirstAlternative() is not null || !result.Children.Any(member => member.IsArray)));

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        TryResults(value, out JsonValue results);
        JsonValue[] answers = [.. results.Children.Where(result => result.FirstAlternative() is not null)];
        int words = answers.Sum(result => result.FirstAlternative()!.Value.ItemsOf("words").Count());
        JsonValue last = answers[^1].FirstAlternative()!.Value;
        bool repeats = words > 0 && answers.Length > 1 && 2 * last.ItemsOf("words").Count() == words && last.ItemsOf("words").All(word => word.Has("speakerTag") || word.Has("speaker_tag"));
        double unit = JsonTimeUnit.Of([.. answers.SelectMany(answer => answer.FirstAlternative()!.Value.ItemsOf("words"))]);
        double before = 0;
        foreach (JsonValue answer in repeats ? answers[^1..] : answers)
        {
            JsonValue best = answer.FirstAlternative()!.Value;
            into.Language ??= answer.TextOf("languageCode");
            if (!best.HasText("transcript") && !best.HasArray("words"))
            {
                throw best.Error("an alternative without a `transcript`");
            }

            // Without times of words the end of each result is there, and it begins where the one before ended.
            string endName = answer.Has("resultEndOffset") ? "resultEndOffset" : "resultEndTime";
            double? end = answer.TimeOf(endName);
            TimeRange? range = best.ItemsOf("words").Any() || end is null ? null : new TimeRange(Math.Min(before, end.Value), end.Value);
            before = end ?? before;
            into.Segment(repeats ? null : best.TextOf("transcript"), range, best, JsonItem.SpeakerOf(best), owner: answer);
            foreach (JsonValue word in best.ItemsOf("words"))
            {
                string text = word.RequireObject().TextOf("word") ?? throw word.Error("a word without a `word`");
                (string from, string to) = Names.FirstOrDefault(names => word.Has(names.Start) || word.Has(names.End), Names[0]);

                // A time of zero is left out by both versions, as protocol buffers write them.
                TimeRange? said = word.TimeOf(to, unit) is { } until
                    ? new TimeRange(Math.Min(until, word.TimeOf(from, unit) ?? 0), until)
                    : word.RangeOf(from, to, unit);
                into.Word(text, said, word, JsonItem.ConfidenceOf(word, "confidence"), JsonItem.SpeakerOf(word) is { } speaker && speaker != "0" ? speaker : null);
            }
        }

        if (repeats)
        {
            into.Whole(string.Join(' ', answers[..^1].Select(answer => answer.FirstAlternative()!.Value.TextOf("transcript"))), last);
        }

        return "google";
    }

    private static bool TryResults(JsonValue value, out JsonValue results) =>
        (value.TryGet("results", out results) && results.IsArray) || (value.TryGet("response", out JsonValue response) && response.TryGet("results", out results) && results.IsArray);
}

/// <summary>What the services with alternatives have in common.</summary>
internal static class Alternatives
{
    /// <summary>The first alternative of a result; null when it has none.</summary>
    public static JsonValue? FirstAlternative(this JsonValue result) =>
        result.HasObjects("alternatives") ? result.FirstOf("alternatives") : null;
}
