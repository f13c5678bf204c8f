using System.ComponentModel;
using System.Diagnostics;

namespace Diarist.Cli.Tests.Support;

/// <summary>Programs that some tests run beside the tool; without them those tests are skipped and say so.</summary>
internal static class Installed
{
    /// <summary>Skips the test when a program is not there.</summary>
    public static void Require(string program) => Assert.SkipUnless(Starts(program), $"needs {program}");

    /// <summary>Skips the test where there is no shell for the recognizers that it scripts.</summary>
    public static void RequireShell() => Assert.SkipWhen(OperatingSystem.IsWindows(), "needs sh");

    private static bool Starts(string program)
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true });
            process?.Kill();
            return process is not null;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
