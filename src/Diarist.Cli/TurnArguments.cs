using System.CommandLine;
using System.Globalization;

namespace Diarist.Cli;

/// <summary>Which turns are worth reading. docs/cli.md gives what the defaults cost and save.</summary>
internal static class TurnArguments
{
    private const double DefaultMinimumGap = 0;

    private static readonly Option<double> MinimumTurn = OptionFactory.Number("--min-turn", "Turns shorter than this are left out; 0 keeps all.", 0, 60, Diarization.BriefestReadableTurn, "seconds");
    private static readonly Option<double> MinimumGap = OptionFactory.Number("--min-gap", "Two turns of one speaker with a shorter pause between them become one; 0, the default, joins none.", 0, 60, DefaultMinimumGap, "seconds");

    /// <summary>The options.</summary>
    public static Option[] All { get; } = [MinimumTurn, MinimumGap];

    public static void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The turns that are shown.</summary>
    public static Diarization Apply(ParseResult parsed, Diarization diarization) =>
        diarization.WithReadableTurns(parsed.GetValue(MinimumTurn), parsed.GetValue(MinimumGap));

    /// <summary>Whether nothing is asked for that needs turns too short to read.</summary>
    public static bool AreOfReadableTurns(ParseResult parsed) =>
        !parsed.CommandResult.Command.Options.Contains(MinimumTurn) || (parsed.GetValue(MinimumTurn) >= Diarization.BriefestReadableTurn && parsed.GetValue(MinimumGap) == DefaultMinimumGap);

    /// <summary>What is asked for, for comparing two command lines.</summary>
    public static string Describe(ParseResult parsed) => string.Create(CultureInfo.InvariantCulture, $"{parsed.GetValue(MinimumTurn):R} {parsed.GetValue(MinimumGap):R}");
}
