using System.CommandLine;
using System.Globalization;
using Diarist.Audio;
using Diarist.Identity;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist voices enroll NAME AUDIO…</c>: makes a voice of recordings of one person, who must agree.</summary>
internal static class VoicesEnrollCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The person's name. A name that is kept already gets more recordings." };
    private static readonly Argument<string[]> Inputs = new("AUDIO") { Arity = ArgumentArity.OneOrMore, Description = "Recordings of this person alone, with 5 s of speech or more each." };
    private static readonly Option<bool> Me = new("--me") { Description = "This is the primary user, whom `diarist diarize --me` looks for." };
    private static readonly Option<bool> Consent = new("--consent") { Description = "State that the person has agreed; without it, the question is asked on the terminal." };
    private static readonly Option<bool> NewPassphrase = new("--passphrase") { Description = "A new store is opened by a passphrase instead of a key file." };
    private static readonly VoiceStoreArguments Store = new();

    public static Command Create()
    {
        var command = new Command("enroll", "Enrol the voice of a person who agrees.") { Name, Inputs, Me, Consent, NewPassphrase };
        Store.AddTo(command);
        AudioArguments.AddTo(command);
        DiarizerArguments.AddTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string name = parsed.GetRequiredValue(Name);
        string[] inputs = parsed.GetRequiredValue(Inputs);
        if (!VoiceProfile.IsName(name))
        {
            throw new UsageException($"a name is one line of 1 to {VoiceProfile.LongestName} characters, and not a label such as SPEAKER_00.");
        }

        if (inputs.Length > VoiceProfile.MostExemplars)
        {
            throw new UsageException($"a voice has at most {VoiceProfile.MostExemplars} recordings.");
        }

        RecordingOptions recordings = AudioArguments.Read(parsed);
        DiarizerOptions options = DiarizerArguments.Read(parsed);
        if (options.Recipe != Recipe.Segments || recordings.Separates)
        {
            throw new UsageException($"voices are enrolled with the recipe {Recipe.Segments}, from one signal; choose a channel with --channels N.");
        }

        recordings.Check(inputs);
        await AskAsync(name, Store.FolderOf(parsed), parsed.GetValue(Consent), cancellationToken).ConfigureAwait(false);
        Diarizer diarizer = await DiarizerArguments.LoadAsync(parsed, options, cancellationToken).ConfigureAwait(false);
        var enrolled = new List<(string Input, VoiceProfile Profile)>();
        foreach (string input in inputs)
        {
            using var progress = new ProgressLine(input);
            using AudioStream audio = recordings.Open(input);
            enrolled.Add((input, diarizer.Enroll(name, audio, progress, cancellationToken)));
        }

        // Nothing is kept before every recording was found good.
        using VoiceStore store = Store.OpenOrCreate(parsed, parsed.GetValue(NewPassphrase));
        VoiceProfile kept = Keep(store, enrolled, parsed.GetValue(Me));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The voice of {kept.Name} is kept in {store.Folder}: {kept.SpeechDuration:0.0} s. `diarist voices remove` erases it."));
        VoicesCommand.WriteExemplars(kept);
    }

    private static VoiceProfile Keep(VoiceStore store, List<(string Input, VoiceProfile Profile)> recordings, bool me)
    {
        VoiceProfile enrolled = recordings[0].Profile;
        IReadOnlyList<VoiceProfile> all = store.ReadAll();
        VoiceProfile? known = all.FirstOrDefault(profile => profile.Name == enrolled.Name);
        if (known is not null && known.Embedder != enrolled.Embedder)
        {
            throw new VoiceStoreException(store.Folder, $"{known.Name} was enrolled with the network {known.Embedder}, and {enrolled.Embedder} is in use; remove the voice and enrol it again.");
        }

        foreach (VoiceProfile other in all.Where(profile => profile.Name != enrolled.Name && profile.Embedder == enrolled.Embedder && recordings.Exists(recording => profile.IsLike(recording.Profile))))
        {
            Messages.Warn($"this voice is like that of {other.Name}, which is kept too; a person with two names gets neither, so remove one with `diarist voices remove`");
        }

        VoiceProfile? voice = known;
        foreach ((string input, VoiceProfile one) in recordings)
        {
            VoiceProfile more = voice?.With(one) ?? one;
            if (voice is not null && more.Exemplars.SequenceEqual(voice.Exemplars))
            {
                Messages.Warn(input, $"this recording was enrolled for {one.Name} before, and counts once");
            }

            voice = more;
        }

        VoiceProfile kept = voice! with { Enrolled = TimeProvider.System.GetUtcNow(), IsPrimaryUser = me || known?.IsPrimaryUser == true };
        store.Save(kept);
        foreach (VoiceProfile other in all.Where(profile => me && profile.IsPrimaryUser && profile.Name != kept.Name))
        {
            store.Save(other with { IsPrimaryUser = false });
        }

        return kept;
    }

    private static async Task AskAsync(string name, string folder, bool given, CancellationToken cancellationToken)
    {
        if (given)
        {
            return;
        }

        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            throw new UsageException("the consent of the person is needed, and there is no terminal to ask on; give --consent when the person has agreed.");
        }

        await Console.Error.WriteAsync(Question(name, folder).AsMemory(), cancellationToken).ConfigureAwait(false);
        string? answer = await Task.Run(Console.ReadLine, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (answer?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
        {
            throw new UsageException("without consent nothing was enrolled.");
        }
    }

    /// <summary>What the person must know before agreeing: who, what for, where and how long, how it is erased.</summary>
    internal static string Question(string name, string folder) => $"""
        A voiceprint of {name} will be made. It is biometric data, which many laws protect (in the EU, Article 9 of the GDPR).
          Purpose    to write this name beside what this voice says, in recordings diarized on this machine, when --voices or --me, or diarist.json, asks for it.
          Kept       encrypted, in {folder}, until it is removed. It is sent nowhere.
          Erasure    diarist voices remove "{name}"
        The person must know this and agree freely. Has {name} agreed? [y/N] 
        """;
}
