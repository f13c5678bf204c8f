using System.ComponentModel;
using System.Diagnostics;

namespace Diarist.Tests.Support;

/// <summary>Runs programs that other people wrote, to compare with; tests are skipped with the reason where a program is not installed.</summary>
internal static class Tool
{
    /// <summary>Runs the program to its end; its exit code must be 0.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public static byte[] Run(string program, params string[] arguments)
    {
        Process? process = null;
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed");
        }

        using (process)
        {
            Task<string> errors = process!.StandardError.ReadToEndAsync();
            var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} failed: {errors.Result}");
            return output.ToArray();
        }
    }
}
