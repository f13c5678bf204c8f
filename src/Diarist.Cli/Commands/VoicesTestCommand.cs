using System.CommandLine;
using System.Globalization;
using Diarist.Audio;
using Diarist.Identity;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist voices test AUDIO…</c>: how recordings compare with the voices, and what would be named.</summary>
internal static class VoicesTestCommand
{
    private static readonly Argument<string[]> Inputs = new("AUDIO") { Arity = ArgumentArity.OneOrMore, Description = "Recordings." };
    private static readonly VoiceStoreArguments Store = new();

    public static Command Create()
    {
        var command = new Command("test", "Show how the speakers of recordings compare with the voices.") { Inputs };
        Store.AddTo(command);
        VoiceArguments.AddRateTo(command);
        AudioArguments.AddTo(command);
        DiarizerArguments.AddTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        RecordingOptions recordings = AudioArguments.Read(parsed);
        DiarizerOptions options = DiarizerArguments.Read(parsed);
        if (options.Recipe != Recipe.Segments || recordings.Separates)
        {
            throw new UsageException($"known voices need the recipe {Recipe.Segments}, and one signal.");
        }

        KnownVoices known;
        using (VoiceStore store = Store.Open(parsed))
        {
            known = VoiceArguments.Make(store.ReadAll(), VoiceArguments.RateOf(parsed), store.Folder);
        }

        Diarizer diarizer = await DiarizerArguments.LoadAsync(parsed, options, cancellationToken).ConfigureAwait(false);
        VoiceArguments.RequireSameNetwork(known, diarizer, Store.FolderOf(parsed));
        foreach (string input in parsed.GetRequiredValue(Inputs))
        {
            Diarization diarization;
            using (var progress = new ProgressLine(input))
            using (AudioStream audio = recordings.Open(input))
            {
                diarization = diarizer.Diarize(audio, known, progress, cancellationToken);
            }

            Console.Out.WriteLine(input);
            foreach (SpeakerIdentity identity in diarization.Identities)
            {
                Console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {identity.Label}   {identity.SpeechDuration,6:0.0} s   {(identity.Channel == VoiceChannel.Telephone ? "telephone" : "wide band")}   {identity.Name ?? "–"}   {identity}   a stranger in {1 / Math.Max(identity.FalseNames, 1e-9):0}"));
            }
        }
    }
}
