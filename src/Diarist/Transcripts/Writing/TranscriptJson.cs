using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Packs;

namespace Diarist.Transcripts.Writing;

/// <summary>JSON with speakers: Diarist's own, and the OpenAI API's <c>diarized_json</c>.</summary>
internal static class TranscriptJson
{
    /// <summary>The schema of Diarist's own JSON.</summary>
    public const string Schema = "diarist-transcript/1";

    private static readonly JsonWriterOptions Spelling = new() { Indented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter writer, AttributedTranscript transcript) => Write(writer, json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("dialect", transcript.Transcript.Dialect);
        if (transcript.Transcript.Language is { } language)
        {
            json.WriteString("language", language);
        }

        json.WriteStartArray("speakers");
        foreach (string speaker in transcript.Speakers)
        {
            json.WriteStringValue(speaker);
        }

        json.WriteEndArray();
        json.WriteStartArray("segments");
        foreach (AttributedSegment segment in transcript.Segments)
        {
            json.WriteStartObject();
            WriteRange(json, segment.Segment.Range);
            json.WriteString("text", Valid(segment.Segment.Text));
            if (segment.Segment.Channel is { } channel)
            {
                json.WriteNumber("channel", channel);
            }

            WriteChoice(json, segment.Choice);
            json.WriteStartArray("words");
            foreach (AttributedWord word in segment.Words)
            {
                json.WriteStartObject();

                // The space before a word is part of it, as in openai-whisper, so that the text can be put together again.
                json.WriteString("word", Valid(word.Word.JoinsPrevious ? word.Word.Text : " " + word.Word.Text));
                WriteRange(json, word.Word.Range);
                if (word.Word.Confidence is { } confidence)
                {
                    WriteNumber(json, "probability", confidence);
                }

                WriteChoice(json, word.Choice);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WritePacks(json, transcript.Packs);
        json.WriteEndObject();
    });

    /// <summary>The API's shape has a speaker for every segment; nobody is the empty label.</summary>
    public static void WriteDiarized(TextWriter writer, IReadOnlyList<SpeakerLine> lines, IReadOnlyList<LocatedPack> packs) => Write(writer, json =>
    {
        json.WriteStartObject();
        json.WriteString("task", "transcribe");
        WriteNumber(json, "duration", lines.Select(line => line.Range.End).DefaultIfEmpty(0).Max());
        json.WriteString("text", Valid(string.Join(' ', lines.Select(line => line.Text))));
        json.WriteStartArray("segments");
        for (int i = 0; i < lines.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("type", "transcript.text.segment");
            json.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"seg_{i + 1:000}"));
            WriteRange(json, lines[i].Range);
            json.WriteString("text", Valid(lines[i].Text));
            json.WriteString("speaker", lines[i].Speaker ?? "");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WritePacks(json, packs);
        json.WriteEndObject();
    });

    private static void WritePacks(Utf8JsonWriter json, IReadOnlyList<LocatedPack> packs)
    {
        if (packs.Count > 0)
        {
            PackCredits.Write(json, packs);
        }
    }

    private static void WriteRange(Utf8JsonWriter json, TimeRange? range)
    {
        if (range is { } said && Math.Abs(said.Start) <= AnnotationField.MaximumSeconds && Math.Abs(said.End) <= AnnotationField.MaximumSeconds)
        {
            WriteNumber(json, "start", said.Start);
            WriteNumber(json, "end", said.End);
        }
    }

    private static void WriteChoice(Utf8JsonWriter json, SpeakerChoice choice)
    {
        if (choice.Speaker is null)
        {
            return;
        }

        json.WriteString("speaker", choice.Speaker);
        WriteNumber(json, "speaker_confidence", choice.Confidence);
        if (choice.RunnerUp is { } runnerUp)
        {
            json.WriteString("speaker_runner_up", runnerUp);
        }

        if (choice.Overlapping.Count > 0)
        {
            json.WriteStartArray("speaker_overlap");
            foreach (string other in choice.Overlapping)
            {
                json.WriteStringValue(other);
            }

            json.WriteEndArray();
        }

        if (choice.Uncertain)
        {
            json.WriteBoolean("speaker_uncertain", true);
        }

        if (choice.Approximate)
        {
            json.WriteBoolean("speaker_approximate", true);
        }
    }

    /// <summary>Half of a surrogate pair, which code may put into a text, cannot be written.</summary>
    private static string Valid(string text) => PlainText.WithoutControls(text);

    private static void WriteNumber(Utf8JsonWriter json, string name, double number)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(double.IsFinite(number) ? number.ToString("0.###", CultureInfo.InvariantCulture) : "null");
    }

    private static void Write(TextWriter writer, Action<Utf8JsonWriter> body)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Spelling))
        {
            body(json);
        }

        writer.Write(Encoding.UTF8.GetString(stream.ToArray()));
        writer.Write('\n');
    }
}
