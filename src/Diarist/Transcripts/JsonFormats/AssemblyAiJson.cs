using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>AssemblyAI: <c>words</c> with times in milliseconds, repeated in <c>utterances</c> when speakers were asked for.</summary>
internal sealed class AssemblyAiJson : JsonDialect
{
    private const double Milliseconds = 1000;

    private static readonly string[] Marks = ["audio_url", "audio_duration", "acoustic_model", "speech_model", "language_model", "utterances", "webhook_url"];

    public override bool Recognizes(JsonValue value) =>
        !value.HasArray("segments") && value.HasText("text") && (HasTimed(value, "words") || HasTimed(value, "utterances")) && Marks.Any(value.Has);

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        into.Language ??= value.TextOf("language_code");
        bool spoken = value.HasObjects("utterances");
        foreach (JsonValue utterance in spoken ? value.ItemsOf("utterances") : [])
        {
            into.Segment(JsonItem.RequireText(utterance, "an utterance"), utterance.RangeOf("start", "end", Milliseconds), utterance, JsonItem.SpeakerOf(utterance));
            foreach (JsonValue word in utterance.ItemsOf("words"))
            {
                ReadWord(word, into);
            }
        }

        if (spoken)
        {
            into.Whole(value.TextOf("text")!, value);
        }
        else
        {
            into.Segment(value.TextOf("text"), null);
        }

        foreach (JsonValue word in value.ItemsOf("words"))
        {
            if (!spoken)
            {
                ReadWord(word, into);
            }
            else if (word.RequireObject().RangeOf("start", "end", Milliseconds) is { } range)
            {
                into.Repeats(word, range);
            }
        }

        return "assemblyai";
    }

    private static bool HasTimed(JsonValue value, string name) => value.HasObjects(name) && value.FirstOf(name)!.Value.Has("start");

    private static void ReadWord(JsonValue word, JsonTranscriptBuilder into) =>
        into.Word(JsonItem.RequireText(word, "a word"), word.RangeOf("start", "end", Milliseconds), word, JsonItem.ConfidenceOf(word, "confidence"), JsonItem.SpeakerOf(word));
}
