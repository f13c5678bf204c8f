using System.CommandLine;
using Diarist.Cli.Batch;

namespace Diarist.Cli.Commands;

/// <summary>What `batch` and `submit` share: sources, the folder of results, and what is taken on trust.</summary>
internal static class BatchArguments
{
    private static readonly Argument<string[]> Sources = new("source") { Arity = ArgumentArity.ZeroOrMore, Description = "Recordings, folders (with all below them), patterns such as 'calls/**/*.wav', and manifests (.jsonl)." };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "The folder of the results, which also keeps what is done.", HelpName = "DIR" };
    private static readonly Option<string?> Format = new("--format")
    {
        Description = $"What to write: {OutputFormats.List(OutputFormats.Timeline)}, several with commas between, or all. Default: json.",
        HelpName = "FORMATS",
    };

    private static readonly Option<bool> Exclusive = new("--exclusive") { Description = "One speaker at a time: overlap goes to the stronger voice (text and rttm; json always holds both)." };
    private static readonly Option<string?> ShardOption = new("--shard") { Description = "Do only the i-th of n parts; the parts may run anywhere, at any time.", HelpName = "i/n" };
    private static readonly Option<bool> Verify = new("--verify") { Description = "Read recordings and results again and compare their hashes, and not only lengths and times." };
    private static readonly Option<bool> Again = new("--retry") { Description = "Try recordings again that are left alone because they failed." };

    public static void AddTo(Command command)
    {
        command.Arguments.Add(Sources);
        foreach (Option option in (Option[])[Output, Format, Exclusive, ShardOption, Verify, Again])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What decides the results.</summary>
    public static BatchSettings Settings(ParseResult parsed) => BatchSettings.Read(parsed, Format, Exclusive);

    /// <summary>The part that is to be done; null for all.</summary>
    public static Shard? Part(ParseResult parsed) => parsed.GetValue(ShardOption) is { } text ? Shard.Parse(text) : null;

    /// <summary>What is not taken on trust.</summary>
    public static BatchChecks Checks(ParseResult parsed) => new(parsed.GetValue(Verify), parsed.GetValue(Again));

    /// <summary>The folder of the results.</summary>
    public static BatchFolder Folder(ParseResult parsed) => parsed.GetValue(Output) switch
    {
        null or "" => throw new UsageException($"{parsed.CommandResult.Command.Name} needs --output DIR, a folder for the results."),
        var output when File.Exists(output) => throw new UsageException($"{output} is a file; the results of a batch need a folder."),
        var output => new BatchFolder(output),
    };

    /// <summary>The recordings of the part, once it is certain that their options hold and their results have places.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="settings">What decides the results.</param>
    /// <param name="folder">Where they go.</param>
    /// <param name="stored">Whether recordings may lie in an object store.</param>
    public static IReadOnlyList<BatchRecording> Recordings(ParseResult parsed, BatchSettings settings, BatchFolder folder, bool stored)
    {
        string[] sources = parsed.GetValue(Sources) ?? [];
        if (sources.Length == 0)
        {
            throw new UsageException($"{parsed.CommandResult.Command.Name} needs a source: recordings, folders, patterns or a manifest.");
        }

        IReadOnlyList<BatchRecording> recordings = BatchSources.Read(sources);
        if (!stored && recordings.FirstOrDefault(recording => recording.ObjectKey is not null) is { } elsewhere)
        {
            throw new UsageException($"{elsewhere.Id} lies in an object store; `diarist submit` hands such recordings to workers.");
        }

        foreach (BatchRecording recording in recordings)
        {
            try
            {
                settings.OptionsOf(recording).Validate();
            }
            catch (ArgumentException error)
            {
                throw new UsageException($"{recording.Id}: {UsageException.From(error).Message}");
            }
        }

        BatchOutputs.Check(recordings, settings.Formats, folder, sources);
        return Part(parsed) is { } part ? [.. recordings.Where(recording => part.Holds(recording.Id))] : recordings;
    }

    /// <summary>Says at the end that recordings have no result, where some have none.</summary>
    /// <exception cref="BatchFailuresException">Some have none.</exception>
    public static void Conclude(int failed, BatchPlan plan, BatchFolder folder)
    {
        if (failed > 0)
        {
            throw new BatchFailuresException($"{failed} of {plan.Recordings} recordings have no result; {folder.Failures} says why. --retry tries them again.");
        }
    }
}
