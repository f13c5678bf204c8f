namespace Diarist.Server.Http;

/// <summary>Memory of objects that nothing refers to any more.</summary>
internal static class UnusedMemory
{
    /// <summary>
    /// Gives it back to the system, which hands it out again overwritten. Texts, samples and sums cannot all be overwritten one by one: texts never, and copies are
    /// made on the way. All threads wait for some milliseconds.
    /// </summary>
    public static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
