using System.CommandLine;

namespace Diarist.Cli.Remote;

/// <summary><c>--server URL</c>: speakers are found by a <c>diarist serve</c>, names are given here.</summary>
internal static class ServerArguments
{
    private const string KeyVariable = "DIARIST_SERVER_KEY";
    private const int ShortestKey = 16;
    private const long LongestKeyFile = 1 << 16;

    /// <summary>What the server does not need to know, and what it is told. Everything else changes how speakers are found, which is the server's affair.</summary>
    private static readonly HashSet<string> Possible =
    [
        "--server", "--server-key-file", "--format", "--output", "--exclusive", "--name", "--names", "--min-turn", "--min-gap", "--voices", "--me", "--false-names", "--no-voices",
        "--key", "--passphrase-file", "--speakers", "--min-speakers", "--max-speakers", "--threads", "--quiet", "--verbose",
    ];

    private static readonly Option<string?> Server = new("--server")
    {
        Description = "Let a `diarist serve` at this http or https address find the speakers. It gets the audio, never a voice or a name.",
        HelpName = "URL",
    };

    private static readonly Option<string?> KeyFile = new("--server-key-file") { Description = $"A file whose first line is the server's key; without it, the variable {KeyVariable}.", HelpName = "FILE" };

    public static void AddTo(Command command)
    {
        command.Options.Add(Server);
        command.Options.Add(KeyFile);
    }

    /// <summary>The server; <see langword="null"/> when the work is done here.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="besides">Options of the command that concern other work, which is done here.</param>
    /// <exception cref="UsageException">The address is none, or another option cannot hold there.</exception>
    /// <exception cref="InputException">The key's file cannot be read or holds none.</exception>
    public static RemoteServer? Open(ParseResult parsed, IReadOnlySet<string>? besides = null)
    {
        if (parsed.GetValue(Server) is not { } text)
        {
            return parsed.GetValue(KeyFile) is null ? null : throw new UsageException("--server-key-file needs --server.");
        }

        Uri address = AddressOf(text);
        foreach (Option option in parsed.CommandResult.Command.Options.Where(option => parsed.GetResult(option) is { Implicit: false }))
        {
            if (!Possible.Contains(option.Name) && besides?.Contains(option.Name) != true)
            {
                throw new UsageException($"{option.Name} cannot be used with --server, which works with its own settings.");
            }
        }

        if (!TurnArguments.AreOfReadableTurns(parsed))
        {
            throw new UsageException("--server gives turns of 0.1 s or more; a smaller --min-turn, and --min-gap, cannot be used with it.");
        }

        string? key = KeyOf(parsed);
        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
        {
            Messages.Warn($"the connection to {address.Host} is not encrypted: others on the way can read the recording{(key is null ? "" : " and the key")}");
        }

        return new RemoteServer(address, key);
    }

    private static Uri AddressOf(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new UsageException($"--server takes an http or https address, such as http://127.0.0.1:8420, not '{text}'.");
        }

        return address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0
            ? throw new UsageException("the address of --server has no user, no ? and no #; the key comes from --server-key-file.")
            : address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
    }

    private static string? KeyOf(ParseResult parsed)
    {
        if (parsed.GetValue(KeyFile) is { } file)
        {
            return Checked(FirstLine(file), problem => new InputException(file, problem));
        }

        return Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } variable ? Checked(variable.Trim(), problem => new UsageException($"{KeyVariable}: {problem}.")) : null;
    }

    private static string Checked(string key, Func<string, Exception> refuse) =>
        key.Length >= ShortestKey && key.All(letter => letter is > ' ' and < '\x7f') ? key : throw refuse($"a key has {ShortestKey} characters or more, letters, digits and signs of ASCII without spaces");

    private static string FirstLine(string file)
    {
        try
        {
            return new FileInfo(file).Length > LongestKeyFile
                ? throw new InputException(file, "is longer than 64 KiB, too long for a key")
                : File.ReadLines(file).Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#') ?? "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, $"cannot be read: {error.Message}", error);
        }
    }
}
