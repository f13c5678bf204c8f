using System.CommandLine;
using Diarist.Cli.Commands;

namespace Diarist.Cli;

/// <summary>The commands of the tool.</summary>
internal static class CommandTable
{
    private static readonly (string Name, Func<RootCommand, Command> Create)[] All =
    [
        ("diarize", _ => DiarizeCommand.Create()),
        ("batch", _ => BatchCommand.Create()),
        ("submit", _ => SubmitCommand.Create()),
        ("worker", _ => WorkerCommand.Create()),
        ("session", _ => SessionCommand.Create()),
        ("voices", _ => VoicesCommand.Create()),
        ("live", _ => LiveCommand.Create()),
        ("vad", _ => VadCommand.Create()),
        ("annotate", _ => AnnotateCommand.Create()),
        ("transcribe", _ => TranscribeCommand.Create()),
#if SERVER
        ("serve", _ => ServeCommand.Create()),
#endif
        ("score", _ => ScoreCommand.Create()),
        ("simulate", _ => SimulateCommand.Create()),
        ("packs", _ => PacksCommand.Create()),
        ("doctor", _ => DoctorCommand.Create()),
        (Help, HelpCommand.Create),
    ];

    private const string Help = "help";

    /// <summary>The commands that a command line may mean: the one that its first word names, else all. The options of the others need not be made.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="root">What the commands are added to, for help on all of them.</param>
    public static IEnumerable<Command> For(string[] args, RootCommand root)
    {
        string first = args.Length > 0 ? args[0] : "";
        bool known = false;
        foreach ((string name, _) in All)
        {
            known |= name == first && first != Help;
        }

        foreach ((string name, Func<RootCommand, Command> create) in All)
        {
            if (!known || name == first)
            {
                yield return create(root);
            }
        }
    }
}
