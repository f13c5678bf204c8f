using System.Diagnostics;

namespace Diarist.Server.Tests.Support;

/// <summary>The real tool, as users run it.</summary>
internal static class Tool
{
    /// <summary>Starts it.</summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new System.Text.UTF8Encoding(false),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Diarist.Cli.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The tool did not start.");
    }

    /// <summary>Runs it to its end and gives what it prints.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}: {await error}");
        return output;
    }

    /// <summary>Starts a server and waits until it says where it is.</summary>
    public static async Task<(Process Process, Uri Address)> ServeAsync(params string[] arguments)
    {
        Process process = Start(["serve", "--listen", "127.0.0.1:0", .. arguments]);
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            const string Before = "serving at ";
            int at = line.IndexOf(Before, StringComparison.Ordinal);
            if (at >= 0)
            {
                _ = process.StandardError.ReadToEndAsync();
                return (process, new Uri(line[(at + Before.Length)..line.IndexOf(';', at)] + "/"));
            }
        }

        throw new InvalidOperationException("The server ended before it served.");
    }
}
