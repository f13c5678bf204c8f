namespace Diarist.Page.Tests.Support;

/// <summary>Finds the repository, its sample, and the folder for screenshots.</summary>
internal static class Repository
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = Find();

    /// <summary>The sample conversation: four people, a minute and a half.</summary>
    public static string Sample => Path.Combine(Root, "samples", "conversation.flac");

    /// <summary>Where screenshots go; not committed.</summary>
    public static string Screenshots => Directory.CreateDirectory(Path.Combine(Root, "artifacts", "page")).FullName;

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
