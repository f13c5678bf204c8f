using System.Reflection;
using Diarist.Asr;
using Diarist.Asr.Whisper;
using Diarist.Models;
using Diarist.Tests.Support;
using PublicApiGenerator;

namespace Diarist.Tests;

/// <summary>Every change of the public surface of a package shows in its golden file. To accept one: DIARIST_ACCEPT=1 ./test.sh</summary>
public class PublicApiTests
{
    private static readonly Dictionary<string, Assembly> Packages = new(StringComparer.Ordinal)
    {
        ["Diarist"] = typeof(Diarizer).Assembly,
        ["Diarist.Asr"] = typeof(ITranscriber).Assembly,
        ["Diarist.Asr.Whisper"] = typeof(WhisperTranscriber).Assembly,
        ["Diarist.Models"] = typeof(ModelFiles).Assembly,
    };

    public static TheoryData<string> Names => [.. Packages.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_public_surface_is_that_of_the_golden_file(string package)
    {
        string text = Packages[package].GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n") + "\n";
        string path = Shared.InRepository($"tests/Diarist.Tests/Golden/{package}.txt");
        if (Environment.GetEnvironmentVariable("DIARIST_ACCEPT") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text);
    }
}
