using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// What a Hugging Face CTC tokenizer decodes with <c>output_word_offsets</c> or <c>output_char_offsets</c>: offsets in
/// frames. A frame is 320 samples of 16 kHz in every model that writes this (wav2vec2, HuBERT, WavLM, MMS).
/// </summary>
internal sealed class OffsetsJson : JsonDialect
{
    private const double FramesPerSecond = 16000.0 / 320;

    public override bool Recognizes(JsonValue value) => value.HasArray("word_offsets") || value.HasArray("char_offsets");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        string? text = value.TextOf("text");
        into.Segment(text, null, value, JsonItem.SpeakerOf(value));
        if (value.HasArray("word_offsets"))
        {
            foreach (JsonValue word in value.ItemsOf("word_offsets"))
            {
                string spoken = word.RequireObject().TextOf("word") ?? throw word.Error("a word without a `word`");
                into.Word(spoken, word.RangeOf("start_offset", "end_offset", FramesPerSecond), word, speaker: JsonItem.SpeakerOf(word));
            }

            return "ctc-offsets";
        }

        JsonValue[] characters = [.. value.ItemsOf("char_offsets")];
        into.Tokens(
            [.. characters.Select(item => new TimedToken(
                item.RequireObject().TextOf("char") ?? throw item.Error("a character without a `char`"),
                item.RangeOf("start_offset", "end_offset", FramesPerSecond)))],
            text,
            characters);
        return "ctc-offsets";
    }
}
