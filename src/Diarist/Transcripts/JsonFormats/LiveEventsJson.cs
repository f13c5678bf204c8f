using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// What the services send while they listen, saved one event a line or as a list: AssemblyAI (v2 <c>message_type</c>, v3
/// <c>Turn</c>), Azure (<c>RecognitionStatus</c>; ticks of 100 ns), Deepgram (<c>is_final</c>) and Speechmatics
/// (<c>AddTranscript</c>). Partial results come again as final ones and are left out.
/// </summary>
internal sealed class LiveEventsJson : JsonDialect
{
    private const double Milliseconds = 1000;
    private const double TicksPerSecond = 1e7;

    public override bool Recognizes(JsonValue value) => value.IsObject && KindOf(value) != Kind.None;

    /// <summary>Events of other kinds are part of the stream; one with a text that is not known is refused when it is read.</summary>
    public override bool Continues(JsonValue value) => value.IsObject;

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        switch (KindOf(value))
        {
            case Kind.AssemblyAi:
                into.Segment(value.TextOf("text") ?? "", value.RangeOf("audio_start", "audio_end", Milliseconds), value);
                ReadWords(value, into, Milliseconds);
                break;
            case Kind.AssemblyAiTurn:
                // A turn comes many times under its number; the last time counts.
                into.TakeBack(value.NumberOf("turn_order") ?? double.NaN);
                into.Segment(value.TextOf("transcript") ?? "", null, value);
                ReadWords(value, into, Milliseconds);
                break;
            case Kind.Azure when value.TextOf("RecognitionStatus") == "Success":
                JsonValue? best = value.HasObjects("NBest") ? value.FirstOf("NBest") : null;
                into.Segment(value.TextOf("DisplayText") ?? best?.TextOf("Display") ?? throw value.Error("a phrase without a `DisplayText`"), value.RangeFrom("Offset", "Duration", TicksPerSecond), value);
                foreach (JsonValue word in best is { } phrase ? phrase.ItemsOf("Words") : [])
                {
                    into.Word(word.RequireObject().TextOf("Word") ?? throw word.Error("a word without a `Word`"), word.RangeFrom("Offset", "Duration", TicksPerSecond), word);
                }

                break;
            case Kind.Deepgram when value.TryGet("is_final", out JsonValue final) && final.IsFalse:
            case Kind.Partial:
                into.Partial(value);
                break;
            case Kind.Deepgram:
                value.TryGet("channel", out JsonValue channel);
                JsonValue said = channel.FirstAlternative()!.Value;
                into.Segment(said.TextOf("transcript") ?? "", value.RangeFrom("start", "duration"), said);
                if (value.TryGet("channel_index", out JsonValue index) && index.IsArray && index.Items.FirstOrDefault() is { IsNumber: true } first && first.Seconds(1) is >= 0 and < 256 and var number)
                {
                    into.Channel((int)number);
                }

                ReadWords(said, into, 1);
                break;
            case Kind.Speechmatics:
                new SpeechmaticsJson().Read(value, into);
                break;
            default:
                if (JsonItem.HoldsText(value))
                {
                    throw value.Error("an event with a text that is not known");
                }

                break;
        }

        return "live-events";
    }

    private enum Kind
    {
        None,
        Partial,
        AssemblyAi,
        AssemblyAiTurn,
        Azure,
        Deepgram,
        Speechmatics,
    }

    private static Kind KindOf(JsonValue value) =>
        value.HasText("message_type") ? value.TextOf("message_type") switch { "FinalTranscript" => Kind.AssemblyAi, "PartialTranscript" => Kind.Partial, _ => Kind.None }
        : value.HasText("RecognitionStatus") ? Kind.Azure
        : value.HasText("message") ? value.TextOf("message") switch { "AddTranscript" when value.HasArray("results") => Kind.Speechmatics, "AddPartialTranscript" or "AddTranslation" or "AddPartialTranslation" => Kind.Partial, _ => Kind.None }
        : !value.HasText("type") ? Kind.None
        : value.TextOf("type") switch
        {
            "Turn" when value.HasText("transcript") && value.HasArray("words") => Kind.AssemblyAiTurn,
            "Results" when value.TryGet("channel", out JsonValue channel) && channel.FirstAlternative() is not null => Kind.Deepgram,
            _ => Kind.None,
        };

    private static void ReadWords(JsonValue holder, JsonTranscriptBuilder into, double unit)
    {
        foreach (JsonValue word in holder.HasArray("words") ? holder.ItemsOf("words") : [])
        {
            string text = word.RequireObject().TextOf("punctuated_word") ?? JsonItem.RequireText(word, "a word");
            into.Word(text, word.RangeOf("start", "end", unit), word, JsonItem.ConfidenceOf(word, "confidence"), JsonItem.SpeakerOf(word));
        }
    }
}
