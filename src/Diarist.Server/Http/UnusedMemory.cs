namespace Diarist.Server.Http;

/// <summary>Memory of objects that nothing refers to any more.</summary>
internal static class UnusedMemory
{
    /// <summary>
    /// Collects them and gives the memory back to the system. Not all that is made of a voice can be overwritten where it lies: texts cannot, and the work makes
    /// copies. All threads wait meanwhile, some milliseconds.
    /// </summary>
    public static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
