using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// Forced aligners: Gentle (<c>words</c> with <c>case</c>, whose offsets count characters), aeneas (<c>fragments</c> of
/// <c>lines</c>), and the Montreal Forced Aligner (<c>tiers</c> of <c>entries</c>, each a list of start, end and word).
/// </summary>
internal sealed class AlignerJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) => IsGentle(value) || IsAeneas(value) || IsMontreal(value);

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        if (IsGentle(value))
        {
            into.Segment(value.TextOf("transcript"), null);
            foreach (JsonValue word in value.ItemsOf("words"))
            {
                string text = word.RequireObject().TextOf("word") ?? throw word.Error("a word without a `word`");
                into.Word(text, word.Has("start") ? word.RangeOf("start", "end") : null, word, speaker: JsonItem.SpeakerOf(word));
            }

            return "gentle";
        }

        if (IsAeneas(value))
        {
            foreach (JsonValue fragment in value.ItemsOf("fragments"))
            {
                if (!fragment.RequireObject().HasArray("lines"))
                {
                    throw fragment.Error("a fragment without `lines`");
                }

                string text = string.Join(' ', fragment.ItemsOf("lines").Select(line => line.Text()));
                into.Segment(text, fragment.RangeOf("begin", "end"), fragment, JsonItem.SpeakerOf(fragment));
            }

            return "aeneas";
        }

        foreach (JsonValue tier in Tiers(value).Where(tier => IsWords(tier.MemberName)))
        {
            into.Segment(null, null, owner: tier);
            foreach (JsonValue entry in tier.ItemsOf("entries"))
            {
                JsonValue[] parts = [.. entry.Items.Take(4)];
                if (parts.Length != 3 || parts[0].Seconds() is not { } start || parts[1].Seconds() is not { } end)
                {
                    throw entry.Error("a start, an end and a word were expected");
                }

                into.Word(parts[2].Text(), new TimeRange(start, Math.Max(start, end)));
            }
        }

        return "mfa";
    }

    private static bool IsGentle(JsonValue value) => value.HasText("transcript") && value.HasObjects("words") && value.FirstOf("words")!.Value.HasText("case");

    private static bool IsAeneas(JsonValue value) => value.HasObjects("fragments") && value.FirstOf("fragments")!.Value.HasArray("lines");

    private static bool IsMontreal(JsonValue value) => Tiers(value).Any(tier => IsWords(tier.MemberName) && tier.HasArray("entries"));

    private static IEnumerable<JsonValue> Tiers(JsonValue value) => value.TryGet("tiers", out JsonValue tiers) && tiers.IsObject ? tiers.Children.Where(tier => tier.IsObject) : [];

    private static bool IsWords(string tier) => tier == "words" || tier.EndsWith("- words", StringComparison.Ordinal);
}
