using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>ElevenLabs Scribe: <c>words</c> of the types word, spacing and audio_event, with <c>speaker_id</c>.</summary>
internal sealed class ElevenLabsJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) =>
        value.HasObjects("words") && value.FirstOf("words") is { } first && first.HasText("text") && first.TryGet("type", out JsonValue type) && type.IsString && type.Text() is "word" or "spacing" or "audio_event";

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        into.Language ??= value.TextOf("language_code");
        into.Segment(value.TextOf("text"), null);
        foreach (JsonValue word in value.ItemsOf("words"))
        {
            string text = JsonItem.RequireText(word, "a word");
            if (word.TextOf("type") != "spacing")
            {
                into.Word(text, word.RangeOf("start", "end"), word, null, JsonItem.SpeakerOf(word));
            }
        }

        return "elevenlabs";
    }
}
