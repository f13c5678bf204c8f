using Diarist.Attribution;
using Diarist.Packs;
using Diarist.Tests.Support;
using Diarist.Transcripts;

namespace Diarist.Tests;

public class ReadmeTests
{
    [Fact]
    public void The_example_of_the_readme_is_the_code_below()
    {
        string[] source = File.ReadAllLines(Shared.InRepository("tests/Diarist.Tests/ReadmeTests.cs"));
        int first = Array.FindIndex(source, line => line.Trim() == "// README begins") + 1;
        int end = Array.FindIndex(source, line => line.Trim() == "// README ends");
        string code = string.Join('\n', source[first..end].Select(line => line.Length > 8 ? line[8..] : ""));
        Assert.Contains(code, File.ReadAllText(Shared.InRepository("README.md")).ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task The_example_of_the_readme_runs()
    {
        string folder = Directory.GetCurrentDirectory();
        var output = new StringWriter();
        TextWriter console = Console.Out;
        try
        {
            Directory.SetCurrentDirectory(Shared.Repository);
            Console.SetOut(output);
            await Example();
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(folder);
        }

        Assert.Contains("SPEAKER_03", output.ToString());
    }

    private static async Task Example()
    {
        // README begins
        Diarizer diarizer = await Diarizer.CreateAsync(PackStore.Open());
        Diarization result = diarizer.Diarize("samples/conversation.flac");
        foreach (Turn turn in result.Turns)
        {
            Console.WriteLine($"{turn.Start,7:0.00} {turn.End,7:0.00}  {turn.Speaker}");
        }

        Word[] words = [new("hello", new TimeRange(0.5, 0.9))];
        Console.WriteLine(SpeakerAttribution.Assign(words, result.Turns)[0].Speaker);
        // README ends
    }
}
