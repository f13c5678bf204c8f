using System.Text.RegularExpressions;
using Diarist.Tests.Support;

namespace Diarist.Tests;

/// <summary>Links between the pages of the repository lead somewhere, and the source files and tests that pages name are there.</summary>
public partial class DocumentationLinkTests
{
    private static readonly string[] Folders = ["docs", "models", "src", "tests", "benchmarks", "tools"];

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Shared.Repository, "*.md").Concat(Folders.SelectMany(FilesOf)).Where(path => path.EndsWith(".md", StringComparison.Ordinal)).Select(path => Path.GetRelativePath(Shared.Repository, path)).Where(path => !path.Contains("Fixtures", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_a_page_names_is_there(string page)
    {
        string path = Shared.InRepository(page), text = File.ReadAllText(path);
        HashSet<string> sources = [.. Folders.SelectMany(FilesOf).Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).Select(file => Path.GetFileName(file))];
        string[] missing =
        [
            .. Link().Matches(text).Select(link => link.Groups[1].Value).Where(link => !link.Contains("://", StringComparison.Ordinal) && !Leads(path, link)),
            .. SourceFile().Matches(text).Select(file => file.Groups[1].Value).Where(file => !sources.Contains(file)),
            .. TestClass().Matches(text).Select(test => test.Groups[1].Value).Where(test => !sources.Contains($"{test}.cs")),
        ];
        Assert.Empty(missing);
    }

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(Shared.InRepository(folder), "*", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static bool Leads(string page, string link)
    {
        string[] parts = link.Split('#');
        string target = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, parts[0]));
        return parts.Length == 1
            ? File.Exists(target) || Directory.Exists(target)
            : File.Exists(target) && Heading().Matches(File.ReadAllText(target)).Any(heading => AnchorOf(heading.Groups[1].Value) == parts[1]);
    }

    // As GitHub makes anchors: small letters, punctuation gone, spaces as hyphens.
    private static string AnchorOf(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`[^`\n]*?(\w+\.cs)`")]
    private static partial Regex SourceFile();

    [GeneratedRegex(@"`(?:[\w/.]*/)?([A-Z]\w+Tests)(?:\.\w+)?`")]
    private static partial Regex TestClass();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
