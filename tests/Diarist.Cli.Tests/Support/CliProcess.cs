using System.Diagnostics;
using System.Text;

namespace Diarist.Cli.Tests.Support;

/// <summary>What one run of the tool gave.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>The output, after checking that the run succeeded.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        return Output;
    }

    /// <summary>The error text, after checking that the run failed with this code, with one line that begins with the tool's name.</summary>
    public string Failed(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode} instead of {exitCode}: {Error}");
        Assert.StartsWith("diarist: ", Error);
        return Error;
    }
}

/// <summary>Runs the real executable, which the project reference copies beside the tests, as users run it.</summary>
internal static class CliProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs the tool with these arguments.</summary>
    public static Task<CliResult> RunAsync(params string[] arguments) => RunAsync(arguments, workingDirectory: null);

    /// <summary>Runs the tool in a folder, with something on its standard input, and with additional environment variables.</summary>
    public static async Task<CliResult> RunAsync(
        string[] arguments, string? workingDirectory, ReadOnlyMemory<byte> input = default, params (string Name, string Value)[] environment)
    {
        using Process process = Start(arguments, workingDirectory, environment);
        return await FinishAsync(process, arguments, input);
    }

    /// <summary>Runs another copy of the tool.</summary>
    public static async Task<CliResult> RunAsync(
        string[] arguments, string? workingDirectory, ReadOnlyMemory<byte> input, string tool, params (string Name, string Value)[] environment)
    {
        using Process process = StartCopy(tool, arguments, workingDirectory, environment);
        return await FinishAsync(process, arguments, input);
    }

    private static async Task<CliResult> FinishAsync(Process process, string[] arguments, ReadOnlyMemory<byte> input)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The tool ended before it had read everything; its exit code says why.
        }

        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"diarist {string.Join(' ', arguments)} still ran after {Limit}.");
        }

        return new CliResult(process.ExitCode, await output, await error);
    }

    /// <summary>Starts the tool with its three streams redirected; for tests that watch, feed or interrupt it.</summary>
    public static Process Start(string[] arguments, string? workingDirectory = null, params (string Name, string Value)[] environment) =>
        StartCopy(Path.Combine(AppContext.BaseDirectory, "Diarist.Cli.dll"), arguments, workingDirectory, environment);

    private static Process StartCopy(string tool, string[] arguments, string? workingDirectory, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = workingDirectory ?? AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        start.ArgumentList.Add(tool);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{tool} did not start.");
    }
}

/// <summary>A folder of its own for one test; gone afterwards.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("diarist-cli").FullName;

    /// <summary>Writes a text file into it and gives its path.</summary>
    public string Write(string file, string text)
    {
        string path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
