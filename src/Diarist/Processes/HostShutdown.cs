using System.Collections.Concurrent;

namespace Diarist.Processes;

/// <summary>
/// For a host that is about to exit while calls of the library may still run: ends every external program that the library
/// started, and deletes its temporary folders and unfinished output files. Calls that return normally leave nothing to do.
/// </summary>
public static class HostShutdown
{
    private static readonly ConcurrentDictionary<object, Action> Programs = new(ReferenceEqualityComparer.Instance);
    private static readonly ConcurrentDictionary<object, Action> Files = new(ReferenceEqualityComparer.Instance);

    /// <summary>Ends the external programs, with everything that they started. A call that waits for one of them then fails.</summary>
    public static void StopPrograms() => RunAll(Programs);

    /// <summary>Ends the external programs and deletes what is temporary or unfinished. Call it once, immediately before the process exits.</summary>
    public static void CleanUp()
    {
        StopPrograms();
        RunAll(Files);
    }

    internal static void AddProgram(object owner, Action stop) => Programs[owner] = stop;

    internal static void AddFiles(object owner, Action delete) => Files[owner] = delete;

    internal static void Remove(object owner)
    {
        Programs.TryRemove(owner, out _);
        Files.TryRemove(owner, out _);
    }

    private static void RunAll(ConcurrentDictionary<object, Action> actions)
    {
        foreach (Action action in actions.Values)
        {
            try
            {
                action();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // The process ends; there is nobody left who could do more.
            }
        }
    }
}
