using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Diarist.Audio;
using Diarist.Formats;
using Diarist.Packs;
using Diarist.VoiceActivity;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist vad</c>: where somebody speaks, by Silero VAD.</summary>
internal static class VadCommand
{
    private const string Label = "speech";

    private static readonly Argument<string[]> Inputs = new("audio") { Arity = ArgumentArity.OneOrMore, Description = "Recordings; - reads standard input." };
    private static readonly Option<string?> Format = DiarizeCommand.FormatOption();
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "A file, or a folder that gets one file for each recording; without it, standard output." };
    private static readonly Option<double> Threshold = OptionFactory.Number("--threshold", "The probability from which it is speech.", 0.001, 0.999, new SpeechSpanOptions().Threshold);
    private static readonly PacksOptions Packs = new();

    public static Command Create()
    {
        var command = new Command("vad", "Where somebody speaks in a recording.") { Inputs, Format, Output, Threshold };
        AudioArguments.AddMixedTo(command);
        Packs.AddTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        double threshold = parsed.GetValue(Threshold);
        // The distance that upstream keeps between the two thresholds.
        var options = new SpeechSpanOptions { Threshold = threshold, NegativeThreshold = Math.Max(threshold - 0.15, 0.01) };
        string[] inputs = RecordingIds.Once(parsed.GetRequiredValue(Inputs));
        IReadOnlyList<OutputFormat> formats = DiarizeCommand.Formats(parsed, Format, Output);
        var outputs = OutputTarget.Create(parsed.GetValue(Output), inputs, formats);
        RecordingOptions recordings = AudioArguments.Read(parsed);
        recordings.Check(inputs);
        IReadOnlyList<string> ids = RecordingIds.For(inputs);
        PackStore store = Packs.Open(parsed);
        await Packs.RequireAsync(parsed, store, cancellationToken, [.. SpeechDetector.RequiredPacks]).ConfigureAwait(false);
        var detector = SpeechDetector.Create(store);
        foreach ((string input, string id) in inputs.Zip(ids))
        {
            using AudioStream audio = recordings.Open(input);
            DetectedSpeech speech = detector.Detect(audio, options, cancellationToken);
            foreach (string warning in speech.Warnings)
            {
                Messages.Warn(input, warning);
            }

            foreach (OutputFormat format in formats)
            {
                outputs.Write(input, format, stream => Write(stream, format.Word, input, id, speech, detector.Packs));
            }
        }
    }

    private static void Write(Stream stream, string format, string input, string id, DetectedSpeech speech, IReadOnlyList<LocatedPack> packs)
    {
        if (format == "json")
        {
            WriteJson(stream, input, speech, packs);
            return;
        }

        using StreamWriter writer = OutputTarget.TextWriter(stream);
        if (format == "rttm")
        {
            Rttm.Write(writer, id, speech.Spans.Select(span => new Turn(span, Label)));
            return;
        }

        foreach (TimeRange span in speech.Spans)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimelineText.Clock(span.Start),10} {span.Duration,7:0.0} s"));
        }

        double seconds = speech.Spans.Sum(span => span.Duration);
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimelineText.Clock(seconds)} of {TimelineText.Clock(speech.Duration)} is speech."));
    }

    private static void WriteJson(Stream stream, string input, DetectedSpeech speech, IReadOnlyList<LocatedPack> packs)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("schema", "diarist-vad/1");
            json.WriteString("source", Path.GetFileName(input));
            json.WriteNumber("seconds", Milliseconds(speech.Duration));
            json.WriteStartArray("speech");
            foreach (TimeRange span in speech.Spans)
            {
                json.WriteStartObject();
                json.WriteNumber("start", Milliseconds(span.Start));
                json.WriteNumber("end", Milliseconds(span.End));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            PackCredits.Write(json, packs);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static decimal Milliseconds(double seconds) => decimal.Round((decimal)seconds, 3) + 0.000m;
}
