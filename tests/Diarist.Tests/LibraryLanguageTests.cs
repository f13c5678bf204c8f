using System.Text.RegularExpressions;
using Diarist.Tests.Support;

namespace Diarist.Tests;

/// <summary>The libraries do not speak like a tool: they name no option and no command; the command line adds those.</summary>
public partial class LibraryLanguageTests
{
    [Theory]
    [InlineData("src/Diarist")]
    [InlineData("src/Diarist.Asr")]
    public void No_source_of_a_library_names_an_option_or_a_command(string folder)
    {
        string[] found =
        [
            .. from file in Directory.EnumerateFiles(Shared.InRepository(folder), "*.cs", SearchOption.AllDirectories)
               where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
               from line in File.ReadLines(file)
               where ToolWords().IsMatch(line)
               select $"{Path.GetFileName(file)}: {line.Trim()}",
        ];
        Assert.Empty(found);
    }

    [GeneratedRegex("--[a-z][a-z-]+|diarist (packs|diarize)")]
    private static partial Regex ToolWords();
}
