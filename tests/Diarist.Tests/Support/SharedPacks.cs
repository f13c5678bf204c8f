using Diarist.Packs;

namespace Diarist.Tests.Support;

/// <summary>Packs of ../shared, for tests that want a real one.</summary>
internal static class SharedPacks
{
    /// <summary>The voice activity detector's pack, its files checked; the test is skipped where there is none.</summary>
    public static LocatedPack Silero() =>
        PackStore.Open(new PackStoreOptions { Folder = Shared.Require("packs") }).Require("silero-vad-v6");
}
