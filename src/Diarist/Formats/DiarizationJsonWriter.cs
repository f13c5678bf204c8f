using System.Text.Encodings.Web;
using System.Text.Json;
using Diarist.Audio;
using Diarist.Identity;

namespace Diarist.Formats;

public static partial class DiarizationJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes one JSON document and a final line feed: stable key order, UTF-8, times in seconds with three decimals.
    /// docs/json.md describes every member.
    /// </summary>
    /// <param name="stream">Where to.</param>
    /// <param name="diarization">What to write.</param>
    /// <param name="source">The recording; its name without folders is written.</param>
    public static void Write(Stream stream, Diarization diarization, AudioInfo source)
    {
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            WriteSource(json, diarization, source);
            WriteSpeakers(json, diarization.Speakers);
            WriteCount(json, diarization);
            WriteIdentities(json, diarization.Identities);
            WriteTurns(json, "turns", diarization.Turns);
            WriteTurns(json, "exclusiveTurns", diarization.ExclusiveTurns);
            WriteRecipe(json, diarization);
            PackCredits.Write(json, diarization.Packs);
            WriteTiming(json, diarization.Timing);
            json.WriteStartArray("warnings");
            foreach (string warning in diarization.Warnings)
            {
                json.WriteStringValue(warning);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void WriteSource(Utf8JsonWriter json, Diarization diarization, AudioInfo source)
    {
        json.WriteStartObject("source");
        json.WriteString("name", Path.GetFileName(source.Name));
        WriteSeconds(json, "seconds", diarization.Duration);
        json.WriteNumber("rate", source.SampleRate);
        json.WriteNumber("channels", source.Channels);
        json.WriteEndObject();
    }

    private static void WriteSpeakers(Utf8JsonWriter json, IReadOnlyList<SpeakerSummary> speakers)
    {
        json.WriteStartArray("speakers");
        foreach (SpeakerSummary speaker in speakers)
        {
            json.WriteStartObject();
            json.WriteString("label", speaker.Label);
            WriteSeconds(json, "seconds", speaker.Duration);
            json.WriteNumber("turns", speaker.Turns);
            WriteSeconds(json, "longest", speaker.Longest);
            json.WriteBoolean("ghost", speaker.IsGhost);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCount(Utf8JsonWriter json, Diarization diarization)
    {
        json.WriteStartObject("count");
        json.WriteNumber("found", diarization.Count.Found);
        WriteOptional(json, "requested", diarization.Options.Speakers);
        WriteOptional(json, "minimum", diarization.Options.MinimumSpeakers);
        WriteOptional(json, "maximum", diarization.Options.MaximumSpeakers);
        WriteSeconds(json, "certainty", diarization.Count.Certainty);
        json.WriteBoolean("uncertain", diarization.Count.Uncertain);
        if (diarization.Count.RunnerUp is int runnerUp)
        {
            json.WriteNumber("runnerUp", runnerUp);
        }

        json.WriteEndObject();
    }

    private static void WriteIdentities(Utf8JsonWriter json, IReadOnlyList<SpeakerIdentity> identities)
    {
        if (identities.Count == 0)
        {
            return;
        }

        json.WriteStartArray("identities");
        foreach (SpeakerIdentity identity in identities)
        {
            json.WriteStartObject();
            json.WriteString("label", identity.Label);
            json.WriteString("name", identity.Name);
            json.WriteBoolean("unknown", identity.Name is null);
            WriteFinite(json, "score", identity.Score);
            WriteFinite(json, "margin", identity.Margin ?? double.NaN);
            json.WriteNumber("falseNames", Math.Round(identity.FalseNames, 9));
            WriteSeconds(json, "secondsAlone", identity.SpeechDuration);
            json.WriteString("channel", identity.Channel == VoiceChannel.Telephone ? "telephone" : "wide-band");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFinite(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            WriteSeconds(json, name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteTurns(Utf8JsonWriter json, string name, IReadOnlyList<Turn> turns)
    {
        json.WriteStartArray(name);
        foreach (Turn turn in turns)
        {
            json.WriteStartObject();
            WriteSeconds(json, "start", turn.Start);
            WriteSeconds(json, "end", turn.End);
            json.WriteString("speaker", turn.Speaker);
            if (turn.Confidence is double confidence)
            {
                WriteSeconds(json, "confidence", confidence);
            }

            if (turn.Channel > 1)
            {
                json.WriteNumber("channel", turn.Channel);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRecipe(Utf8JsonWriter json, Diarization diarization)
    {
        DiarizerOptions options = diarization.Options;
        json.WriteStartObject("recipe");
        json.WriteString("name", diarization.Recipe.Name);
        json.WriteNumber("step", options.Window.Step);
        if (options.Threshold is double threshold)
        {
            json.WriteNumber("threshold", threshold);
        }

        json.WriteString("precision", options.Precision switch { Precision.EightBit => "int8", Precision.FloatingPoint => "float32", _ => "auto" });
        json.WriteNumber("minDurationOn", options.MinimumDurationOn);
        json.WriteNumber("minDurationOff", options.MinimumDurationOff);
        json.WriteEndObject();
    }

    private static void WriteTiming(Utf8JsonWriter json, DiarizationTiming? timing)
    {
        if (timing is null)
        {
            return;
        }

        json.WriteStartObject("timing");
        WriteSeconds(json, "decoding", timing.Decoding);
        WriteSeconds(json, "segmentation", timing.Segmentation);
        WriteSeconds(json, "embedding", timing.Embedding);
        WriteSeconds(json, "clustering", timing.Clustering);
        WriteSeconds(json, "reconstruction", timing.Reconstruction);
        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, int? value)
    {
        if (value is int number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    // A decimal keeps its trailing zeros, so every time has exactly three decimals.
    private static void WriteSeconds(Utf8JsonWriter json, string name, double seconds) =>
        json.WriteNumber(name, decimal.Round((decimal)seconds, 3) + 0.000m);
}
