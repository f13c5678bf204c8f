using System.Diagnostics;

namespace Diarist.Server.Tests.Support;

/// <summary>Node with the client of OpenAI, from the package registry.</summary>
internal static class NodeClient
{
    private const string Package = "openai@6.49.0";

    /// <summary>Runs the script of this folder with arguments; skips the test, with the reason, where Node or the package is not to be had.</summary>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Node");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "openai")))
        {
            (int installed, string errors) = await StartAsync("npm", folder, "install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, Package);
            Assert.SkipUnless(installed == 0, $"npm does not give {Package}: {errors}");
        }

        (int code, string output) = await StartAsync("node", folder, [Path.Combine(folder, script), .. arguments]);
        Assert.SkipWhen(code == -1, "Node is not installed");
        Assert.True(code == 0, output);
        return output;
    }

    private static async Task<(int Code, string Output)> StartAsync(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, process.ExitCode == 0 ? output : $"exit code {process.ExitCode}: {await error}{output}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, $"{program} is not installed");
        }
    }
}
