using System.CommandLine;
using Diarist.Identity;

namespace Diarist.Cli;

/// <summary>Where voices are kept, and what opens them.</summary>
internal sealed class VoiceStoreArguments
{
    /// <summary>What is said of a folder without voices, after its name.</summary>
    public const string NoVoices = "no voices are kept there. `diarist voices enroll NAME AUDIO` enrols one.";

    private const int LongestPassphrase = 4096;

    private readonly Option<string?> _store = new("--store") { Description = "The folder of voices; the user's own by default.", HelpName = "DIR" };
    private readonly Option<string?> _key = new("--key") { Description = "The file of the key; in the user's configuration by default.", HelpName = "FILE" };
    private readonly Option<string?> _passphrase = new("--passphrase-file") { Description = "A file whose first line is the passphrase of the store; without it, a store with a passphrase asks on the terminal.", HelpName = "FILE" };

    public static string DefaultStore => Under(OperatingSystem.IsWindows() ? "LOCALAPPDATA" : "XDG_DATA_HOME", OperatingSystem.IsMacOS() ? "Library/Application Support" : ".local/share", "voices");

    private static string DefaultKey => Under(OperatingSystem.IsWindows() ? "APPDATA" : "XDG_CONFIG_HOME", ".config", "voices.key");

    /// <summary>Adds the options.</summary>
    /// <param name="command">To this command.</param>
    /// <param name="store">Whether the folder is an option of its own.</param>
    public void AddTo(Command command, bool store = true)
    {
        foreach (Option option in store ? (Option[])[_store, _key, _passphrase] : [_key, _passphrase])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The folder.</summary>
    public string FolderOf(ParseResult parsed) => parsed.GetValue(_store) ?? DefaultStore;

    /// <summary>Opens a store that is there.</summary>
    public VoiceStore Open(ParseResult parsed, string? folder = null)
    {
        folder ??= FolderOf(parsed);
        using VoiceKey? key = VoiceStore.NeedsPassphrase(folder) switch
        {
            null => throw new VoiceStoreException(folder, NoVoices),
            true => Passphrase(parsed, confirm: false),
            false => VoiceKey.FromFile(parsed.GetValue(_key) ?? DefaultKey),
        };
        return VoiceStore.Open(folder, key);
    }

    /// <summary>Opens a store, and makes it where there is none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="passphrase">Whether a new store takes a passphrase.</param>
    public VoiceStore OpenOrCreate(ParseResult parsed, bool passphrase)
    {
        string folder = FolderOf(parsed);
        if (VoiceStore.Exists(folder))
        {
            return Open(parsed, folder);
        }

        using VoiceKey key = passphrase || parsed.GetValue(_passphrase) is not null ? Passphrase(parsed, confirm: true) : KeyFile(parsed);
        return VoiceStore.Create(folder, key);
    }

    private VoiceKey Passphrase(ParseResult parsed, bool confirm) => Passphrase(parsed, _passphrase, "Passphrase", confirm);

    /// <summary>A passphrase, from a file or from the terminal.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option that names the file.</param>
    /// <param name="prompt">What is asked for on the terminal.</param>
    /// <param name="confirm">Whether it is asked for twice.</param>
    /// <exception cref="UsageException">There is neither.</exception>
    public static VoiceKey Passphrase(ParseResult parsed, Option<string?> option, string prompt, bool confirm)
    {
        string? file = parsed.GetValue(option);
        string text = file is not null ? FirstLine(file) : Ask($"{prompt}: ", option);
        if (confirm && file is null && Ask("Once more: ", option) != text)
        {
            throw new UsageException("the two passphrases differ.");
        }

        return text.Length > 0 ? VoiceKey.FromPassphrase(text) : throw new UsageException("the passphrase is empty.");
    }

    private VoiceKey KeyFile(ParseResult parsed)
    {
        string path = parsed.GetValue(_key) ?? DefaultKey;
        if (File.Exists(path))
        {
            return VoiceKey.FromFile(path);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return VoiceKey.CreateFile(path);
    }

    private static string FirstLine(string file)
    {
        try
        {
            using StreamReader reader = File.OpenText(file);
            char[] text = new char[LongestPassphrase + 1];
            int length = reader.ReadBlock(text);
            int end = Array.FindIndex(text, 0, length, letter => letter is '\n' or '\r');
            return end < 0 && length > LongestPassphrase ? throw new InputException(file, $"has no passphrase of at most {LongestPassphrase} characters") : new string(text, 0, end < 0 ? length : end);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, $"cannot be read: {error.Message}", error);
        }
    }

    private static string Ask(string prompt, Option option)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            throw new UsageException($"a passphrase is needed, and there is no terminal to ask on; give {option.Name}.");
        }

        Console.Error.Write(prompt);
        var text = new System.Text.StringBuilder();
        for (ConsoleKeyInfo key; (key = Console.ReadKey(intercept: true)).Key != ConsoleKey.Enter;)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length -= text.Length > 0 ? 1 : 0;
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return text.ToString();
    }

    private static string Under(string variable, string otherwise, string name)
    {
        string? root = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value && Path.IsPathRooted(value) ? value : null;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return root is not null ? Path.Combine(root, "diarist", name)
            : home.Length > 0 ? Path.Combine(home, otherwise, "diarist", name)
            : throw new UsageException("this machine names no home folder to keep voices in; name folders with --store and --key.");
    }
}
