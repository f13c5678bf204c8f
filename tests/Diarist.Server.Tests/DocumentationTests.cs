using System.Diagnostics;
using System.Text.RegularExpressions;
using Diarist.Processes;

namespace Diarist.Server.Tests;

/// <summary>docs/server.md and docs/security.md are true.</summary>
public partial class DocumentationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_curl_line_of_the_page_works()
    {
        Assert.SkipWhen(ExternalProgram.Find("curl") is null || ExternalProgram.Find("bash") is null, "curl or bash is not installed");
        string[] lines = [.. (await File.ReadAllLinesAsync(Path.Combine(Samples.Root, "docs", "server.md"), Cancellation)).Where(line => line.Contains("curl ", StringComparison.Ordinal) && line.Contains("--fail", StringComparison.Ordinal))];
        Assert.True(lines.Length >= 13, $"{lines.Length} lines");
        await using RunningServer server = await RunningServer.StartAsync(options => options with { Engine = new TestRecognizer() });
        Samples.Piece(server.Folder, 5, "meeting.flac");
        foreach (string line in lines)
        {
            var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = server.Folder };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add($"set -eo pipefail; {line.Replace("http://127.0.0.1:8420", server.Address.ToString().TrimEnd('/'), StringComparison.Ordinal)}");
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync(Cancellation);
            string output = await process.StandardOutput.ReadToEndAsync(Cancellation);
            await process.WaitForExitAsync(Cancellation);
            Assert.True(process.ExitCode == 0, $"{line}\n{output}\n{await error}");
        }
    }

    [Fact]
    public async Task Every_row_of_the_table_of_attacks_has_its_test()
    {
        string[] rows = [.. (await File.ReadAllLinesAsync(Path.Combine(Samples.Root, "docs", "security.md"), Cancellation)).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];
        Assert.True(rows.Length >= 18);
        HashSet<string> tests = [.. typeof(DocumentationTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Select(method => method.Name)];
        foreach (string row in rows)
        {
            string[] named = [.. TestName().Matches(row.Split('|')[^2]).Select(match => match.Groups[1].Value)];
            Assert.True(named.Length > 0, row);
            Assert.All(named, name => Assert.Contains(name, tests));
        }
    }

    [GeneratedRegex("`(?:[A-Za-z]+\\.)?([A-Z][A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
