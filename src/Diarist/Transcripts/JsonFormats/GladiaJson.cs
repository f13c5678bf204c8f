using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>Gladia: <c>transcription.utterances</c> with words, in the answer itself or in its <c>result</c>.</summary>
internal sealed class GladiaJson : JsonDialect
{
    public override bool Recognizes(JsonValue value) => TryUtterances(value, out _);

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        TryUtterances(value, out JsonValue transcription);
        if (transcription.TextOf("full_transcript") is { } whole)
        {
            into.Whole(whole, transcription);
        }

        foreach (JsonValue utterance in transcription.ItemsOf("utterances"))
        {
            into.Language ??= utterance.RequireObject().TextOf("language");
            WhisperJson.ReadSegment(utterance, into);
        }

        return "gladia";
    }

    private static bool TryUtterances(JsonValue value, out JsonValue transcription)
    {
        transcription = default;
        return (value.TryGet("result", out JsonValue result) && result.TryGet("transcription", out transcription) && transcription.HasArray("utterances"))
            || (value.TryGet("transcription", out transcription) && transcription.HasArray("utterances"));
    }
}
