namespace Diarist.Cli.Tests.Support;

/// <summary>Finds the repository and its sample.</summary>
internal static class Repository
{
    /// <summary>The root of the repository, whose diarist.json names a mirror of packs, if there is one.</summary>
    public static string Root { get; } = Find();

    /// <summary>The sample conversation.</summary>
    public static string Sample => Path.Combine(Root, "samples", "conversation.flac");

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
