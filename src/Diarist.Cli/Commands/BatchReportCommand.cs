using System.CommandLine;
using Diarist.Cli.Batch;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist batch report</c>: a line for each recording of a batch, for a program or a table.</summary>
internal static class BatchReportCommand
{
    private static readonly OutputFormat Parquet = new("parquet", ".parquet", IsText: false);
    private static readonly OutputFormat[] Forms = [OutputFormats.Json, Parquet];
    private static readonly Argument<string> Folder = new("DIR") { Description = "The folder of a batch's results." };
    private static readonly Option<string?> Format = new("--format") { Description = "json (the default) or parquet.", HelpName = "FORMAT" };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "A file; without it, standard output.", HelpName = "PATH" };

    public static Command Create()
    {
        var command = new Command("report", "List the recordings of a batch with length, speakers, speed and failures.") { Folder, Format, Output };
        command.SetBody((parsed, cancellationToken) =>
        {
            string? output = parsed.GetValue(Output);
            OutputFormat form = OutputFormats.Choose(parsed.GetValue(Format), output, Forms) switch
            {
                [] => OutputFormats.Json,
                [var only] => only,
                _ => throw new UsageException("report writes one format at a time."),
            };
#if !PARQUET
            if (form == Parquet)
            {
                throw new UsageException("this build of the tool writes no Parquet, whose library cannot be trimmed; write json, or install the tool from its package.");
            }
#endif
            string folder = parsed.GetRequiredValue(Folder);
            BatchReport report = BatchReport.Read(new BatchFolder(folder));
            OutputTarget target = OutputTarget.Create(output, ["report"], [form]);
            target.Write("report", form, stream =>
            {
#if PARQUET
                if (form == Parquet)
                {
                    BatchParquet.Write(stream, report.Rows, cancellationToken);
                    return;
                }
#endif
                report.WriteJson(stream, rows: true);
            });
            return Task.CompletedTask;
        });
        return command;
    }
}
