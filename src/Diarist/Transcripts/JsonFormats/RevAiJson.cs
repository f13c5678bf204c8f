using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>Rev.ai: <c>monologues</c> of one speaker with <c>elements</c>, texts with times and punctuation, spaces included, without.</summary>
internal sealed class RevAiJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) => value.HasArray("monologues");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        foreach (JsonValue monologue in value.ItemsOf("monologues"))
        {
            JsonValue[] elements = monologue.RequireObject().HasArray("elements") ? [.. monologue.ItemsOf("elements")] : throw monologue.Error("a monologue without `elements`");
            string[] texts = [.. elements.Select(element => element.RequireObject().TextOf("value") ?? throw element.Error("an element without a `value`"))];
            into.Segment(string.Concat(texts), null, monologue, JsonItem.SpeakerOf(monologue));
            for (int i = 0; i < elements.Length; i++)
            {
                if (elements[i].TextOf("type") != "punct")
                {
                    into.Word(texts[i].Trim(), elements[i].RangeOf("ts", "end_ts"), elements[i], JsonItem.ConfidenceOf(elements[i], "confidence"));
                }
            }
        }

        return "rev.ai";
    }
}
