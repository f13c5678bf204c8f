using System.Diagnostics;

namespace Diarist.Tests.Support;

/// <summary>
/// Runs tests again in a process of their own in which the runtime pretends that the processor lacks instruction sets.
/// Marking a test class with <c>[Trait(InstructionSets.Trait, InstructionSets.Kernels)]</c> is enough to take part.
/// </summary>
internal static class InstructionSets
{
    /// <summary>The trait that selects tests.</summary>
    public const string Trait = "Rerun";

    /// <summary>Its value for the tests of vector kernels.</summary>
    public const string Kernels = "WithoutInstructionSets";

    /// <summary>Runs the marked tests with one environment variable set to 0.</summary>
    /// <param name="variable">For instance <c>DOTNET_EnableAVX512</c>; <c>DOTNET_EnableAVX512F</c> and <c>DOTNET_EnableFMA</c> do nothing on .NET 10.</param>
    /// <returns>The process's exit code, 0 when all tests passed, and what it wrote.</returns>
    public static (int ExitCode, string Output) Run(string variable)
    {
        string executable = Path.ChangeExtension(typeof(InstructionSets).Assembly.Location, OperatingSystem.IsWindows() ? ".exe" : null);
        ProcessStartInfo start = new(executable, ["-trait", $"{Trait}={Kernels}", "-noColor"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [variable] = "0" },
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
