using System.Text.RegularExpressions;
using Diarist.Tests.Support;

namespace Diarist.Tests;

/// <summary>docs/architecture.md says which folder may use which; the code of src/Diarist keeps to it.</summary>
public class DependencyTests
{
    [Fact]
    public void Every_using_is_allowed_by_the_table_of_the_architecture()
    {
        Dictionary<string, string[]> allowed = Table(File.ReadAllText(Shared.InRepository("docs/architecture.md")));
        string root = Shared.InRepository("src/Diarist");
        string[] files = [.. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(file => !Path.GetRelativePath(root, file).StartsWith("obj", StringComparison.Ordinal))];
        Assert.True(files.Length > 200);
        Assert.Empty(files.SelectMany(file => Violations(FolderOf(root, file), File.ReadAllText(file), allowed).Select(problem => $"{Path.GetRelativePath(root, file)}: {problem}")));

        // No row stands for a folder that is gone, and no row allows what nothing uses.
        string[] folders = [.. files.Select(file => FolderOf(root, file)).Distinct()];
        Assert.Equal(folders.Order(StringComparer.Ordinal), allowed.Keys.Order(StringComparer.Ordinal));
        foreach ((string folder, string[] may) in allowed.Where(row => !row.Value.Contains("all")))
        {
            string code = string.Concat(files.Where(file => FolderOf(root, file) == folder).Select(File.ReadAllText));
            Assert.Empty(may.Where(used => !Used(code).Contains(used)).Select(used => $"{folder} may use {used} and does not"));
        }
    }

    [Fact]
    public void A_using_that_the_table_does_not_name_is_found()
    {
        Dictionary<string, string[]> allowed = Table("| `Audio` | sound | – |\n| `Scoring` | error rates | Audio |\n| `.` | entry | all |\n");
        Assert.Empty(Violations("Scoring", "using System;\nusing Diarist.Audio;\n", allowed));
        Assert.Equal(["Audio may not use Scoring"], Violations("Audio", "using Diarist.Scoring;\n", allowed));
        Assert.Equal(["Audio may not use Scoring"], Violations("Audio", "using static Diarist.Scoring.Rates;\n", allowed));
        Assert.Equal(["Packs has no row in the table"], Violations("Packs", "", allowed));
        Assert.Empty(Violations(".", "using Diarist.Scoring;\n", allowed));
    }

    private static Dictionary<string, string[]> Table(string page) => Regex
        .Matches(page, @"^\| `([A-Za-z0-9/.]+)` \|[^|]*\| ([^|]*) \|$", RegexOptions.Multiline)
        .ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value == "–" ? [] : row.Groups[2].Value.Split(", "));

    private static IEnumerable<string> Violations(string folder, string code, Dictionary<string, string[]> allowed)
    {
        if (!allowed.TryGetValue(folder, out string[]? may))
        {
            return [$"{folder} has no row in the table"];
        }

        return may.Contains("all") ? [] : Used(code).Where(used => !may.Contains(used)).Select(used => $"{folder} may not use {used}");
    }

    /// <summary>The folders whose namespaces a file names in its using directives.</summary>
    private static string[] Used(string code) =>
        [.. Regex.Matches(code, @"^using (static )?Diarist\.([A-Za-z0-9.]+);", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Success ? match.Groups[2].Value[..match.Groups[2].Value.LastIndexOf('.')] : match.Groups[2].Value)
            .Where(name => name != "Models") // an assembly of its own: data and one class
            .Select(name => name.Replace('.', '/')).Distinct()];

    private static string FolderOf(string root, string file) => Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/');
}
