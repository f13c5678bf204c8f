using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Diarist.Audio;
using Diarist.Formats;
using Diarist.Networks.Silero;
using Diarist.Packs;
using Diarist.VoiceActivity;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist vad</c>: where somebody speaks, by Silero VAD.</summary>
internal static class VadCommand
{
    /// <summary>The pack of the network.</summary>
    internal const string Pack = "silero-vad-v6";

    /// <summary>The pack's file with the weights.</summary>
    internal const string WeightsFile = "silero_vad_16k.safetensors";
    private const string Label = "speech";

    private static readonly Argument<string[]> Inputs = new("audio") { Arity = ArgumentArity.OneOrMore, Description = "Recordings; - reads standard input." };
    private static readonly Option<string?> Format = DiarizeCommand.FormatOption();
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "A file, or a folder that gets one file for each recording; without it, standard output." };
    private static readonly Option<double> Threshold = OptionFactory.Number("--threshold", "The probability from which it is speech.", 0.001, 0.999, new SpeechSpanOptions().Threshold);
    private static readonly PacksOptions Packs = new();

    public static Command Create()
    {
        var command = new Command("vad", "Where somebody speaks in a recording.") { Inputs, Format, Output, Threshold };
        Packs.AddTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        double threshold = parsed.GetValue(Threshold);
        // The distance that upstream keeps between the two thresholds.
        var options = new SpeechSpanOptions { Threshold = threshold, NegativeThreshold = Math.Max(threshold - 0.15, 0.01) };
        string[] inputs = parsed.GetRequiredValue(Inputs);
        IReadOnlyList<OutputFormat> formats = DiarizeCommand.Formats(parsed, Format, Output);
        var outputs = OutputTarget.Create(parsed.GetValue(Output), inputs, formats);
        IReadOnlyList<LocatedPack> packs = await Packs.RequireAsync(parsed, Packs.Open(parsed), cancellationToken, Pack).ConfigureAwait(false);
        SileroVad network = SileroVad.Load(packs[0].PathOf(WeightsFile));
        foreach (string input in inputs)
        {
            using AudioStream audio = AudioReader.Open(input);
            using var mono = new MonoStream(audio);
            (IReadOnlyList<TimeRange> spans, double duration) = SpeechDetector.Find(network, mono, options, cancellationToken);
            foreach (string warning in audio.Warnings)
            {
                Messages.Warn(input, warning);
            }

            foreach (OutputFormat format in formats)
            {
                outputs.Write(input, format, stream => Write(stream, format.Word, input, spans, duration, packs));
            }
        }
    }

    private static void Write(Stream stream, string format, string input, IReadOnlyList<TimeRange> spans, double duration, IReadOnlyList<LocatedPack> packs)
    {
        if (format == "json")
        {
            WriteJson(stream, input, spans, duration, packs);
            return;
        }

        using StreamWriter writer = OutputTarget.TextWriter(stream);
        if (format == "rttm")
        {
            Rttm.Write(writer, OutputTarget.RecordingId(input), spans.Select(span => new Turn(span, Label)));
            return;
        }

        foreach (TimeRange span in spans)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimelineText.Clock(span.Start),10} {span.Duration,7:0.0} s"));
        }

        double speech = spans.Sum(span => span.Duration);
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimelineText.Clock(speech)} of {TimelineText.Clock(duration)} is speech."));
    }

    private static void WriteJson(Stream stream, string input, IReadOnlyList<TimeRange> spans, double duration, IReadOnlyList<LocatedPack> packs)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("schema", "diarist-vad/1");
            json.WriteString("source", Path.GetFileName(input));
            json.WriteNumber("seconds", Milliseconds(duration));
            json.WriteStartArray("speech");
            foreach (TimeRange span in spans)
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
