using System.CommandLine;
using Diarist.Cli.Batch;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist batch status</c>: how far the batch of a folder is.</summary>
internal static class BatchStatusCommand
{
    private static readonly Argument<string> Folder = new("DIR") { Description = "The folder of a batch's results." };
    private static readonly Option<bool> Json = new("--json") { Description = "As JSON." };

    public static Command Create()
    {
        var command = new Command("status", "Say how many recordings of a batch are done, and which failed and why.") { Folder, Json };
        command.SetBody((parsed, _) =>
        {
            BatchReport report = BatchReport.Read(new BatchFolder(parsed.GetRequiredValue(Folder)));
            using Stream console = Console.OpenStandardOutput();
            if (parsed.GetValue(Json))
            {
                report.WriteJson(console, rows: false);
                return Task.CompletedTask;
            }

            using StreamWriter writer = OutputTarget.TextWriter(console);
            report.WriteText(writer);
            return Task.CompletedTask;
        });
        return command;
    }
}
