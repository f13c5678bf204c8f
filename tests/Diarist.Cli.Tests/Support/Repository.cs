namespace Diarist.Cli.Tests.Support;

/// <summary>Finds the repository, its sample and the packs beside it; tests that need what is absent are skipped with the reason.</summary>
internal static class Repository
{
    /// <summary>The root of the repository, whose diarist.json names the packs.</summary>
    public static string Root { get; } = Find();

    /// <summary>The sample conversation.</summary>
    public static string Sample => Path.Combine(Root, "samples", "conversation.flac");

    /// <summary>Skips the test when the packs are not beside the repository.</summary>
    public static void RequirePacks() =>
        Assert.SkipUnless(Directory.Exists(Path.Combine(Root, "..", "shared", "packs", "wespeaker-resnet34-lm")), "needs ../shared/packs");

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Diarist.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
