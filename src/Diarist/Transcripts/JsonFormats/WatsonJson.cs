using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>IBM Watson: <c>results</c>, of each the first alternative with <c>timestamps</c>, each a list of word, start and end; <c>speaker_labels</c> beside them.</summary>
internal sealed class WatsonJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) =>
        value.HasObjects("results") && value.FirstOf("results")!.Value.FirstAlternative() is { } best && best.HasArray("timestamps") && best.FirstOf("timestamps") is { IsArray: true };

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        foreach (JsonValue result in value.ItemsOf("results").Where(result => !(result.TryGet("final", out JsonValue final) && final.IsFalse)))
        {
            JsonValue best = result.FirstAlternative() ?? throw result.Error("a result without alternatives");
            into.Segment(best.TextOf("transcript") ?? throw best.Error("an alternative without a `transcript`"), null, best, JsonItem.SpeakerOf(best));
            foreach (JsonValue timed in best.ItemsOf("timestamps"))
            {
                JsonValue[] parts = [.. timed.Items.Take(4)];
                if (parts.Length != 3)
                {
                    throw timed.Error("a word, its start and its end were expected");
                }

                double? start = parts[1].Seconds();
                double end = parts[2].Seconds() ?? start ?? 0;
                into.Word(parts[0].Text(), start is { } from ? new TimeRange(from, Math.Max(from, end)) : null);
            }
        }

        foreach (JsonValue label in value.HasObjects("speaker_labels") ? value.ItemsOf("speaker_labels") : [])
        {
            if (label.RangeOf("from", "to") is { } range && JsonItem.SpeakerOf(label) is { } speaker)
            {
                into.Turn(range, speaker);
                into.Repeats(label, range);
            }
        }

        return "watson";
    }
}
