using System.Diagnostics;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

public class ToolPackageTests
{
    [Fact]
    public async Task The_tool_installs_from_its_package_and_runs()
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        using var folder = new ScratchFolder();
        string packages = Path.Combine(folder.Path, "packages");
        foreach (string project in (string[])["src/Diarist.Models", "src/Diarist", "src/Diarist.Asr", "src/Diarist.Cli"])
        {
            await Dotnet("pack", Path.Combine(Repository.Root, project), "--configuration", configuration, "--no-build", "--output", packages);
        }

        Assert.InRange(new FileInfo(Path.Combine(packages, "Diarist.Models.0.1.0.nupkg")).Length, 1, 10_000_000);
        Assert.InRange(new FileInfo(Path.Combine(packages, "Diarist.Tool.0.1.0.nupkg")).Length, 1, 14_000_000); // 9 of them the networks
        Assert.InRange(new FileInfo(Path.Combine(packages, "Diarist.0.1.0.nupkg")).Length, 1, 1_100_000); // code alone
        string tools = Path.Combine(folder.Path, "tools");
        string config = folder.Write("nuget.config", $"<configuration><packageSources><clear /><add key=\"local\" value=\"{packages}\" /></packageSources></configuration>");
        await Dotnet("tool", "install", "Diarist.Tool", "--version", "0.1.0", "--tool-path", tools, "--configfile", config);

        string tool = Path.Combine(tools, OperatingSystem.IsWindows() ? "diarist.exe" : "diarist");
        Assert.Contains("speakers", await Run(tool, "--help"));
        Assert.StartsWith("SPEAKER conversation 1 ", await Run(tool, "diarize", Repository.Sample, "--format", "rttm"));
    }

    private static Task<string> Dotnet(params string[] arguments) => Run(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments);

    private static async Task<string> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{await error}");
        return output;
    }
}
