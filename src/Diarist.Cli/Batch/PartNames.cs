using System.Diagnostics;
using System.Globalization;

namespace Diarist.Cli.Batch;

/// <summary>Names that say which process of which machine a file is of, so that others can tell whether it still lives.</summary>
internal static class PartNames
{
    private static readonly TimeSpan OldestOfOthers = TimeSpan.FromDays(1);
    private static int _next;

    /// <summary>This machine's name, as file names have it.</summary>
    public static string Host { get; } = string.Concat(Environment.MachineName.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    /// <summary>When this process began, in ticks of UTC.</summary>
    public static long Began { get; } = StartOf(Environment.ProcessId) ?? 0;

    /// <summary>A name that no other file has.</summary>
    public static string Next() => string.Create(CultureInfo.InvariantCulture, $"{Host}-{Environment.ProcessId}-{Began}-{Interlocked.Increment(ref _next)}");

    /// <summary>Whether the process that wrote a file has ended; of other machines that is believed after a day.</summary>
    public static bool IsAbandoned(string path)
    {
        string[] parts = Path.GetFileName(path).Split('-');
        return parts.Length == 4 && parts[0] == Host && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int process) && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long began)
            ? !Lives(process, began)
            : DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > OldestOfOthers;
    }

    /// <summary>Whether a process of this machine still runs.</summary>
    /// <param name="process">Its number, which may be another's by now.</param>
    /// <param name="began">When it began.</param>
    public static bool Lives(int process, long began) => StartOf(process) == began;

    private static long? StartOf(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);

            // The clock by which the system keeps it is coarser than ticks, and is adjusted.
            return found.HasExited ? null : found.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
