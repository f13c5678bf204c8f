using System.Text.Json;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>Recordings that do real harm to whoever works on them: one crashes its process, one hangs, one needs 850 MB and keeps them.</summary>
internal static class PoisonFiles
{
    /// <summary>The recording that hangs; it is not among those of <see cref="Write"/>, so that these need no time limit that a busy machine may miss.</summary>
    public const string Hanging = "b-hang.m4a";

    /// <summary>Writes a recording into the folder <c>in</c>.</summary>
    public static void Add(ScratchFolder scratch, string file) => scratch.Write($"in/{file}", "neither WAV nor FLAC, but long enough to be looked at");

    /// <summary>Writes the one that crashes and the one that needs memory.</summary>
    /// <returns>A value of PATH under which they do harm: what is of no format known here goes to ffmpeg, whose place a script takes.</returns>
    public static string Write(ScratchFolder scratch)
    {
        Add(scratch, "a-crash.m4a");
        Add(scratch, "c-hungry.m4a");
        foreach (string program in (string[])["ffmpeg", "ffprobe"])
        {
            string script = scratch.Write($"bin/{program}", """
                #!/bin/sh
                case "$*" in
                  *a-crash*) kill -9 $PPID ;;
                  *b-hang*) sleep 300 ;;
                  *c-hungry*) head -c 850000000 /dev/zero | tail | sleep 300 ;;
                esac
                exit 1
                """.ReplaceLineEndings("\n") + "\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        return $"{Path.Combine(scratch.Path, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
    }

    /// <summary>Requires that all three are left alone after three tries, each for its own reason.</summary>
    public static void AssertLeftAlone(string folder, string timeout)
    {
        Dictionary<string, JsonElement> failures = BatchFiles.Failures(folder);
        Assert.Equal([("a-crash", 137), ("b-hang", 124), ("c-hungry", 137)], failures.Select(pair => (pair.Key, pair.Value.GetProperty("exitCode").GetInt32())));
        Assert.All(failures.Values, failure => Assert.Equal((3, true), (failure.GetProperty("tries").GetInt32(), failure.GetProperty("quarantined").GetBoolean())));
        Assert.Contains($"was not done within {timeout}", failures["b-hang"].GetProperty("message").GetString());
        Assert.Contains("more than 600 MiB of memory", failures["c-hungry"].GetProperty("message").GetString());
    }
}
