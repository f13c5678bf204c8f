using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>Qwen3-ASR with its forced aligner: <c>text</c>, <c>language</c> and <c>time_stamps</c> of items in seconds.</summary>
internal sealed class QwenJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) => value.IsObject && value.Has("time_stamps");

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        into.Language ??= value.TextOf("language");
        into.Segment(value.TextOf("text"), null, value, JsonItem.SpeakerOf(value));
        if (value.TryGet("time_stamps", out JsonValue stamps))
        {
            foreach (JsonValue item in stamps.IsObject ? stamps.ItemsOf("items") : stamps.Items)
            {
                string text = item.RequireObject().TextOf("text") ?? throw item.Error("an item without a `text`");
                into.Word(text, item.RangeOf("start_time", "end_time"), item, speaker: JsonItem.SpeakerOf(item));
            }
        }

        return "qwen3-asr";
    }
}
