namespace Diarist.Tests.Support;

/// <summary>Finds the repository and the shared folder beside it (packs, captures, audio); tests that need what is absent are skipped with the reason.</summary>
internal static class Shared
{
    private static readonly Lazy<string> Root = new(() =>
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Diarist.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    });

    /// <summary>The root of the repository.</summary>
    public static string Repository => Root.Value;

    /// <summary>The path of a file or folder of the repository.</summary>
    public static string InRepository(string relative) => Path.Combine(Root.Value, relative);

    /// <summary>The path of a file or folder under ../shared, for instance <c>parity/rec02</c>; skips the test when it is not there.</summary>
    public static string Require(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(Root.Value, "..", "shared", relative));
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"needs ../shared/{relative}");
        return path;
    }

    /// <summary>The cases of a test of a file or folder under ../shared; where that is absent the first alone, which is skipped for all with the reason.</summary>
    public static TheoryData<string> Cases(string relative, params string[] cases) => [.. Has(relative) ? cases : cases[..1]];

    /// <summary>Whether a file or folder is there under ../shared.</summary>
    public static bool Has(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(Root.Value, "..", "shared", relative));
        return File.Exists(path) || Directory.Exists(path);
    }
}
