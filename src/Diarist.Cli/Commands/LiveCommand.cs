using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Diarist.Audio;
using Diarist.Formats;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist live</c>: who speaks, while it is spoken.</summary>
internal static class LiveCommand
{
    private static readonly Dictionary<string, Nemotron3Profile> Profiles = new(StringComparer.Ordinal)
    {
        ["live32"] = Nemotron3Profile.Live32,
        ["live128"] = Nemotron3Profile.Live128,
        ["low"] = Nemotron3Profile.Low,
        ["very-low"] = Nemotron3Profile.VeryLow,
        ["ultra-low"] = Nemotron3Profile.UltraLow,
    };

    // The last step of live128 takes a few seconds on two cores.
    private static readonly TimeSpan Finishing = TimeSpan.FromSeconds(5);

    private static readonly Argument<string> Input = new("audio") { Description = "- reads standard input as it comes (with --raw for samples without a header, such as s16:16000:1); or a recording." };
    private static readonly Option<string> Format = OptionFactory.Choice("--format", "What to write as turns end.", "text", "jsonl", "rttm");
    private static readonly Option<string> Profile = OptionFactory.Choice("--profile", "How late the labels come, from little work to much: live128 10.6 s, live32 2.9 s, low 1.04 s, very-low 0.64 s, ultra-low 0.32 s.", [.. Profiles.Keys]);
    private static readonly Option<int> Threads = new("--threads") { Description = "Threads; 0 takes one for each processor.", DefaultValueFactory = _ => 0 };
    private static readonly PacksOptions Packs = new();

    public static Command Create()
    {
        var command = new Command("live", "Who speaks, while it is spoken, by Nemotron 3 Diarization.") { Input, Format, Profile, DiarizerArguments.Turns, Threads };
        AudioArguments.AddMixedTo(command);
        Packs.AddTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string input = parsed.GetRequiredValue(Input), format = parsed.GetRequiredValue(Format);
        var options = new LiveDiarizerOptions
        {
            Profile = Profiles[parsed.GetRequiredValue(Profile)],
            TurnSettings = DiarizerArguments.ReadTurns(parsed),
            Threads = parsed.GetValue(Threads) is >= 0 and var threads ? threads : throw new UsageException("--threads must not be negative."),
        };
        PackStore store = Packs.Open(parsed);
        await Packs.RequireAsync(parsed, store, cancellationToken, LiveDiarizer.RequiredPacks).ConfigureAwait(false);
        var diarizer = LiveDiarizer.Create(store, options);
        using Stream console = Console.OpenStandardOutput();
        using var audio = new MonoStream(AudioArguments.Read(parsed).Open(input));
        string id = RecordingIds.For([input])[0];
        bool view = format == "text" && !Messages.Quiet && !Console.IsErrorRedirected;

        // A signal is how a microphone's recording ends: what was heard until then is labelled and written.
        Interruption.AllowAlways(Finishing);
        double labelled = 0;
        int warned = 0;
        await foreach (LiveUpdate update in diarizer.RunAsync(Pieces(audio, cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            if (view)
            {
                await Console.Error.WriteAsync(Speaking(update)).ConfigureAwait(false);
            }

            StandardOutput.Write(console, Encoding.UTF8.GetBytes(Text(format, id, update)));
            labelled = update.Labelled;
            for (IReadOnlyList<string> warnings = audio.Warnings; warned < warnings.Count; warned++)
            {
                Messages.Warn(input == StandardInput.Argument ? StandardInput.Name : input, warnings[warned]);
            }
        }

        if (Interruption.Requested)
        {
            Interruption.Say($"ended by a signal; what was heard until {TimelineText.Clock(labelled)} is written");
            throw new OperationCanceledException();
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<float>> Pieces(MonoStream audio, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            float[] samples = new float[MonoStream.SampleRate / 10];
            int count;
            try
            {
                count = await Task.Run(() => audio.Read(samples), cancellationToken).WaitAsync(Interruption.Draining).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                count = 0;
            }

            if (count == 0)
            {
                yield break;
            }

            yield return samples.AsMemory(0, count);
        }
    }

    /// <summary>One line that is written over: what is labelled, who speaks, and who seems to (in brackets).</summary>
    private static string Speaking(LiveUpdate update)
    {
        string speaking = string.Join(' ', update.Open.Select(turn => turn.Speaker).Concat(update.Provisional.Select(turn => $"({turn.Speaker})")).Distinct());
        return update.IsLast ? "\r\u001b[K" : $"\r\u001b[K{TimelineText.Clock(update.Labelled),10}  {speaking}\r";
    }

    private static string Text(string format, string id, LiveUpdate update)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        Write(writer, format, id, update);
        return writer.ToString();
    }

    private static void Write(StringWriter writer, string format, string id, LiveUpdate update)
    {
        if (format == "rttm")
        {
            Rttm.Write(writer, id, update.Turns);
            return;
        }

        if (format == "jsonl")
        {
            WriteJson(writer, update);
            return;
        }

        foreach (Turn turn in update.Turns)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimelineText.Clock(turn.Start),10} {turn.Duration,6:0.0} s   {turn.Speaker}"));
        }
    }

    /// <summary>One object a line: <c>{"labelled", "last", "turns", "open", "provisional"}</c>; only turns are final.</summary>
    private static void WriteJson(StringWriter writer, LiveUpdate update)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("labelled", Milliseconds(update.Labelled));
            json.WriteBoolean("last", update.IsLast);
            WriteTurns(json, "turns", update.Turns);
            WriteTurns(json, "open", update.Open);
            WriteTurns(json, "provisional", update.Provisional);
            json.WriteEndObject();
        }

        writer.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void WriteTurns(Utf8JsonWriter json, string name, IReadOnlyList<Turn> turns)
    {
        json.WriteStartArray(name);
        foreach (Turn turn in turns)
        {
            json.WriteStartObject();
            json.WriteNumber("start", Milliseconds(turn.Start));
            json.WriteNumber("end", Milliseconds(turn.End));
            json.WriteString("speaker", turn.Speaker);
            json.WriteNumber("confidence", Milliseconds(turn.Confidence ?? 0));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static decimal Milliseconds(double seconds) => decimal.Round((decimal)seconds, 3) + 0.000m;
}
