using System.CommandLine;

namespace Diarist.Cli;

/// <summary>What the tool says besides its results, on standard error; <c>-q</c> and <c>-v</c> mean the same in every command.</summary>
internal static class Messages
{
    private static readonly Option<bool> QuietOption = new("--quiet", "-q") { Description = "No progress, no warnings; errors only.", Recursive = true };
    private static readonly Option<bool> VerboseOption = new("--verbose", "-v") { Description = "Say more: what is used and how long it takes.", Recursive = true };

    /// <summary>Whether only errors are said.</summary>
    public static bool Quiet { get; private set; }

    /// <summary>Whether details are said.</summary>
    public static bool Verbose { get; private set; }

    /// <summary>Adds both options to every command.</summary>
    public static void AddTo(RootCommand root)
    {
        root.Options.Add(QuietOption);
        root.Options.Add(VerboseOption);
    }

    /// <summary>Takes over what the command line says.</summary>
    /// <exception cref="UsageException">Both options are given.</exception>
    public static void Read(ParseResult parsed)
    {
        (Quiet, Verbose) = (parsed.GetValue(QuietOption), parsed.GetValue(VerboseOption));
        if (Quiet && Verbose)
        {
            throw new UsageException("--quiet and --verbose exclude each other.");
        }
    }

    /// <summary>Something that the user should know of a result that is there all the same.</summary>
    public static void Warn(string message)
    {
        if (!Quiet)
        {
            Console.Error.WriteLine($"diarist: warning: {message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>A warning about one file.</summary>
    public static void Warn(string file, string message)
    {
        if (!Quiet)
        {
            // A warning of the audio names its file already.
            string own = message.StartsWith($"{file}: ", StringComparison.Ordinal) ? file : Path.GetFileName(file);
            string rest = message.StartsWith($"{own}: ", StringComparison.Ordinal) ? message[(own.Length + 2)..] : message;
            Console.Error.WriteLine($"diarist: {file}: warning: {rest.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>What the user should know where the result alone would not say it.</summary>
    public static void Note(string message)
    {
        if (!Quiet)
        {
            Console.Error.WriteLine($"diarist: {message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>A detail for those who ask for it.</summary>
    public static void Detail(string message)
    {
        if (Verbose)
        {
            Console.Error.WriteLine($"diarist: {message.ReplaceLineEndings(" ")}");
        }
    }
}
