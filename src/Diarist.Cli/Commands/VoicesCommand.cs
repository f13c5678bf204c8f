using System.CommandLine;
using System.Globalization;
using Diarist.Audio;
using Diarist.Identity;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist voices</c>: voices with names, kept encrypted on this machine.</summary>
internal static class VoicesCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The name of a voice." };
    private static readonly Option<string?> FilePassphrase = new("--file-passphrase") { Description = "A file whose first line is the passphrase of the exported voice; without it, it is asked for on the terminal.", HelpName = "FILE" };

    public static Command Create() => new("voices", "Keep voices with names, encrypted on this machine, to be recognized in recordings.")
    {
        VoicesEnrollCommand.Create(),
        List(),
        Show(),
        Remove(),
        Export(),
        Import(),
        VoicesTestCommand.Create(),
    };

    /// <summary>The voice of a name.</summary>
    public static VoiceProfile Find(IReadOnlyList<VoiceProfile> profiles, string name, string folder) =>
        profiles.FirstOrDefault(profile => profile.Name == name)
        ?? throw new InputException(folder, profiles.Count == 0 ? VoiceStoreArguments.NoVoices : $"no voice is called {name}; there are {string.Join(", ", profiles.Take(12).Select(profile => profile.Name))}");

    private static Command List() => Sub("list", "List the voices.", (store, _) =>
    {
        IReadOnlyList<VoiceProfile> profiles = store.ReadAll();
        if (profiles.Count == 0)
        {
            Messages.Note($"{store.Folder}: {VoiceStoreArguments.NoVoices}");
        }

        foreach (VoiceProfile profile in profiles)
        {
            Console.Out.WriteLine(Line($"{profile.Name}{(profile.IsPrimaryUser ? " (me)" : "")}   {profile.SpeechDuration:0} s in {profile.Exemplars.Count} {(profile.Exemplars.Count == 1 ? "recording" : "recordings")}{Date(profile)}"));
        }
    });

    private static Command Show() => Sub("show", "Show what is kept of a voice.", (store, parsed) =>
    {
        VoiceProfile profile = Find(store.ReadAll(), parsed.GetRequiredValue(Name), store.Folder);
        Console.Out.WriteLine(Line($"{profile.Name}{(profile.IsPrimaryUser ? " (me)" : "")}{Date(profile)}"));
        Console.Out.WriteLine($"network {profile.Embedder}");
        WriteExemplars(profile);
    }, Name);

    private static Command Remove() => Sub("remove", "Overwrite and delete a voice.", (store, parsed) =>
    {
        VoiceProfile profile = Find(store.ReadAll(), parsed.GetRequiredValue(Name), store.Folder);
        store.Remove(profile.Id);
        Console.Out.WriteLine($"The voice of {profile.Name} was overwritten and deleted. Files of `diarist voices export` and sessions that name it are not touched.");
    }, Name);

    private static Command Export()
    {
        var output = new Argument<string>("FILE") { Description = "The file to write, encrypted with a passphrase." };
        Command command = Sub("export", "Write a voice to a file, for another machine.", (store, parsed) =>
        {
            VoiceProfile profile = Find(store.ReadAll(), parsed.GetRequiredValue(Name), store.Folder);
            using VoiceKey passphrase = VoiceStoreArguments.Passphrase(parsed, FilePassphrase, "Passphrase for the file", confirm: true);
            VoiceStore.Export(profile, parsed.GetRequiredValue(output), passphrase);
        }, Name, output);
        command.Options.Add(FilePassphrase);
        return command;
    }

    private static Command Import()
    {
        var input = new Argument<string>("FILE") { Description = "A file of `diarist voices export`." };
        var options = new VoiceStoreArguments();
        var command = new Command("import", "Read a voice from a file of `diarist voices export`.") { input, FilePassphrase };
        options.AddTo(command);
        command.SetBody((parsed, _) =>
        {
            VoiceProfile profile;
            using (VoiceKey passphrase = VoiceStoreArguments.Passphrase(parsed, FilePassphrase, "Passphrase of the file", confirm: false))
            {
                profile = VoiceStore.Import(parsed.GetRequiredValue(input), passphrase);
            }

            using VoiceStore store = options.OpenOrCreate(parsed, passphrase: false);
            VoiceProfile[] others = [.. store.ReadAll().Where(other => other.Id != profile.Id)];
            if (others.Any(other => other.Name == profile.Name))
            {
                throw new InputException(store.Folder, $"another voice is called {profile.Name} there; `diarist voices remove` erases it");
            }

            store.Save(profile with { IsPrimaryUser = profile.IsPrimaryUser && !others.Any(other => other.IsPrimaryUser) });
            Console.Out.WriteLine($"The voice of {profile.Name} is kept in {store.Folder}.");
            return Task.CompletedTask;
        });
        return command;
    }

    /// <summary>One line for each exemplar, with a word on those unlike the others.</summary>
    public static void WriteExemplars(VoiceProfile profile)
    {
        IReadOnlyList<int> unusual = profile.UnusualExemplars();
        foreach ((int place, VoiceExemplar exemplar) in profile.Exemplars.Index())
        {
            Console.Out.WriteLine(Line($"recording {place + 1}: {exemplar.SpeechDuration:0.0} s, {(exemplar.Channel == VoiceChannel.Telephone ? "telephone" : "wide band")}{(unusual.Contains(place) ? "   unlike the others; perhaps another person" : "")}"));
        }
    }

    private static Command Sub(string name, string description, Action<VoiceStore, ParseResult> action, params Argument[] arguments)
    {
        var options = new VoiceStoreArguments();
        var command = new Command(name, description);
        foreach (Argument argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        options.AddTo(command);
        command.SetBody((parsed, _) =>
        {
            using VoiceStore store = options.Open(parsed);
            action(store, parsed);
            return Task.CompletedTask;
        });
        return command;
    }

    private static string Date(VoiceProfile profile) => profile.Enrolled is { } when ? Line($", enrolled {when:yyyy-MM-dd}") : "";

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
