using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Diarist.Cli.Batch;

/// <summary>How much a batch may take of this machine, and how patient it is.</summary>
/// <param name="Jobs">Recordings at the same time.</param>
/// <param name="Timeout">Seconds for one recording; null for ten minutes and the recording's own length.</param>
/// <param name="Memory">Bytes for all recordings at work together.</param>
/// <param name="Tries">How often a recording may fail.</param>
/// <param name="Grace">Seconds in which recordings at work may end after SIGTERM.</param>
internal sealed record BatchLimits(int Jobs, double? Timeout, long Memory, int Tries, double Grace)
{
    /// <summary>How often a recording may fail unless told otherwise.</summary>
    public const int DefaultTries = 3;

    private const double LeastTimeout = 600;
    private const double UnknownLength = 86_400;
    private const double ShareOfMemory = 0.9;

    private static readonly Option<int?> JobsOption = OptionFactory.Count("--jobs", "Recordings at the same time; default: one for each processor, each on one thread.", 1, 256, "-j");
    private static readonly Option<double?> TimeoutOption = OptionFactory.Number("--timeout", "The longest time for one recording. Default: ten minutes and the length of the recording.", 0.1, 1_000_000, "seconds");
    private static readonly Option<long?> MemoryOption = new("--memory")
    {
        Description = "The most memory for the recordings at work together, such as 6G or 800M. Default: nine tenths of what this process may have.",
        HelpName = "SIZE",
        CustomParser = ParseSize,
    };

    private static readonly Option<int?> TriesOption = OptionFactory.Count("--tries", "How often a recording may fail before it is left alone; default 3.", 1, 100);
    private static readonly Option<double> GraceOption = OptionFactory.Number("--grace", "After SIGTERM, how long recordings at work may take to end; what has not ended then is given up and done again next time.", 0, 3600, 20, "seconds");

    public static void AddTo(Command command)
    {
        foreach (Option option in (Option[])[JobsOption, TimeoutOption, MemoryOption, TriesOption, GraceOption])
        {
            command.Options.Add(option);
        }
    }

    public static BatchLimits Read(ParseResult parsed) => new(
        parsed.GetValue(JobsOption) ?? Environment.ProcessorCount,
        parsed.GetValue(TimeoutOption),
        parsed.GetValue(MemoryOption) ?? (long)(ShareOfMemory * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
        parsed.GetValue(TriesOption) ?? DefaultTries,
        parsed.GetValue(GraceOption));

    /// <summary>The longest time for a recording of a known or unknown length, in seconds.</summary>
    public double TimeFor(double? seconds) => Timeout ?? (LeastTimeout + (seconds ?? UnknownLength));

    private static long? ParseSize(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        int unit = "KMGT".IndexOf(text.Length > 0 ? char.ToUpperInvariant(text[^1]) : ' ', StringComparison.Ordinal);
        if (unit >= 0 && OptionFactory.TryParse(text[..^1], out double number) && number > 0 && number * Math.Pow(1024, unit + 1) is >= 1 << 20 and < long.MaxValue)
        {
            return (long)(number * Math.Pow(1024, unit + 1));
        }

        result.AddError(string.Create(CultureInfo.InvariantCulture, $"--memory takes a size of 1M or more with one of the letters K, M, G and T, such as 6G, not '{text}'."));
        return null;
    }
}
