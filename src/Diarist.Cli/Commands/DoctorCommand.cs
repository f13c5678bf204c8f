using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using Diarist.Asr.Whisper;
using Diarist.Audio;
using Diarist.Packs;
using Diarist.Processes;
using Diarist.VoiceActivity;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist doctor</c>: what is found on this machine, what each command would use, and whether the networks run.</summary>
internal static class DoctorCommand
{
    private const int TestSeconds = 10;
    private const int SampleRate = 16_000;

    private static readonly OutputFormat[] Forms = [OutputFormats.Text, OutputFormats.Json];
    private static readonly Option<string?> Format = new("--format") { Description = "The form of the result: text or json.", HelpName = "FORMAT" };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "A file; without it, standard output.", HelpName = "PATH" };
    private static readonly Option<bool> NoTest = new("--no-test") { Description = "Do not run the networks." };
    private static readonly PacksOptions Packs = new();

    public static Command Create()
    {
        var command = new Command("doctor", "Show what is found on this machine and what each command would use, and run the networks on ten seconds of sound.") { Format, Output, NoTest };
        Packs.AddPlacesTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string? output = parsed.GetValue(Output);
        OutputFormat form = OutputFormats.Choose(parsed.GetValue(Format), output, Forms) is [{ } only] ? only : OutputFormats.Text;
        OutputTarget target = OutputTarget.Create(output, ["doctor"], [form]);
        PackStore store = Packs.Open(parsed);
        List<(string Name, string Value)> findings = [.. Machine(), .. Programs(), .. Recordings(), .. Networks(store), .. Whisper(store)];
        findings.Add(("self-test", parsed.GetValue(NoTest) ? "not run" : await Task.Run(() => Test(store, cancellationToken), cancellationToken).ConfigureAwait(false)));
        target.Write("doctor", form, stream =>
        {
            if (form == OutputFormats.Json)
            {
                WriteJson(stream, findings);
                return;
            }

            using StreamWriter writer = OutputTarget.TextWriter(stream);
            int width = findings.Max(finding => finding.Name.Length);
            foreach ((string name, string value) in findings)
            {
                writer.WriteLine($"{name.PadRight(width)}  {value}");
            }
        });
    }

    private static IEnumerable<(string, string)> Machine()
    {
        yield return ("diarist", typeof(Diarizer).Assembly.GetName().Version?.ToString(3) ?? "unknown");
        yield return ("runtime", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        yield return ("cores", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        string lanes = Vector512.IsHardwareAccelerated ? "512 bits" : Vector256.IsHardwareAccelerated ? "256 bits" : Vector128.IsHardwareAccelerated ? "128 bits" : "none (slow)";
        yield return ("vectors", lanes);
        yield return ("memory", string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0.0} GB for this process"));
        yield return ("temporary", Path.GetTempPath());
    }

    private static IEnumerable<(string, string)> Programs()
    {
        (string, string)[] programs =
        [
            ("ffmpeg", "decodes AAC, video and other formats"),
            ("ffprobe", "says what such a file holds"),
            ("whisper-cli", "transcribe --engine whisper-cli"),
            ("pocketsphinx_continuous", "transcribe --engine pocketsphinx"),
        ];
        foreach ((string program, string use) in programs)
        {
            yield return (program, ExternalProgram.Find(program) is { } path ? $"{path} ({use})" : $"not found ({use})");
        }
    }

    private static IEnumerable<(string, string)> Recordings()
    {
        const string Here = "decoded here";
        string elsewhere = ExternalProgram.Find("ffmpeg") is null ? "not read, because ffmpeg is not found" : "through ffmpeg";
        (string, string)[] forms =
        [
            ("WAV, RF64, BW64, FLAC", Here),
            ("MP3, MP2, MP1", Here),
            ("Vorbis and Opus in Ogg", Here),
            ("Opus, Vorbis and PCM in WebM and Matroska", Here),
            ("AAC and ALAC in MP4, M4A, MOV and ADTS", elsewhere),
            ("WMA, AMR, AIFF, AC-3, Speex, video and others", elsewhere),
        ];
        foreach ((string form, string reader) in forms)
        {
            yield return ("reads", $"{form}: {reader}");
        }
    }

    private static IEnumerable<(string, string)> Networks(PackStore store)
    {
        foreach (PackLevel level in store.Levels)
        {
            yield return ("packs from", $"{PackPlaces.NameOf(level)}: {level.Folder}{(Directory.Exists(level.Folder) ? "" : " (not there)")}");
        }

        foreach ((string command, IReadOnlyList<string> packs) in (IEnumerable<(string, IReadOnlyList<string>)>)[("diarize uses", Diarizer.PacksFor()), ("vad uses", [.. SpeechDetector.RequiredPacks])])
        {
            foreach (string pack in packs)
            {
                LocatedPack? found = store.Find(pack);
                yield return (command, found is null ? $"{pack}: not found; `diarist packs pull {pack}` fetches it" : $"{pack}: {PackPlaces.NameOf(found.Level)}");
            }
        }
    }

    private static IEnumerable<(string, string)> Whisper(PackStore store)
    {
        yield return ("whisper", Runs(store));
        foreach (string model in WhisperArguments.Models)
        {
            string pack = WhisperArguments.PackOf(model);
            LocatedPack? found = store.Find(pack);
            yield return ("whisper model", $"{model}: {(found is null ? $"not found; `diarist packs pull {pack}` fetches it" : PackPlaces.Describe(found))}");
        }
    }

    // Loading the native library is the only proof that it runs here.
    private static string Runs(PackStore store)
    {
        try
        {
            WhisperRuntime.Load(store);
            return $"runs (transcribe --engine whisper); its native library is {(WhisperRuntime.IsBesideProgram ? "beside the program" : $"the pack {WhisperRuntime.Pack}")}";
        }
        catch (DiaristException error)
        {
            return $"does not run (transcribe --engine whisper): {ErrorHints.Describe(error)}";
        }
    }

    private static string Test(PackStore store, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        Diarizer diarizer;
        try
        {
            diarizer = Diarizer.Create(store);
        }
        catch (MissingPacksException)
        {
            return "not possible: networks are missing";
        }

        double loading = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        begun = Stopwatch.GetTimestamp();
        using AudioStream audio = AudioReader.Open(new MemoryStream(Sound()), "self-test");
        _ = diarizer.Diarize(audio, progress: null, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"{TestSeconds} s of sound in {seconds:0.00} s ({TestSeconds / seconds:0}× real time; a long recording is faster), networks loaded in {loading:0.00} s");
    }

    // A buzz that swells and fades like syllables do, as a 16-bit WAV.
    private static byte[] Sound()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        const int Bytes = TestSeconds * SampleRate * 2;
        writer.Write("RIFF"u8);
        writer.Write(36 + Bytes);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(SampleRate);
        writer.Write(SampleRate * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(Bytes);
        for (int i = 0; i < Bytes / 2; i++)
        {
            double time = i / (double)SampleRate;
            double phase = time * (time < TestSeconds / 2 ? 120 : 210) % 1;
            double loudness = Math.Max(0, Math.Sin(2 * Math.PI * 3 * time));
            writer.Write((short)(8000 * loudness * ((2 * phase) - 1)));
        }

        writer.Flush();
        return stream.ToArray();
    }

    private static void WriteJson(Stream stream, IReadOnlyList<(string Name, string Value)> findings)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("schema", "diarist-doctor/1");
            json.WriteStartArray("findings");
            foreach ((string name, string value) in findings)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("value", value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }
}
