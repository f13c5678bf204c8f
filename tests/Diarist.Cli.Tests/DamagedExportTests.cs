using System.Globalization;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

/// <summary>
/// Exports with bytes damaged around what was said, through the executable: it refuses, or every word that is still in the
/// file comes out and, where times were lost, a warning does. The library's own test does the same for thousands.
/// </summary>
public sealed class DamagedExportTests : IDisposable
{
    private static readonly string[] Said = ["hello", "there", "everyone", "how", "are", "you", "very", "well", "thanks"];
    private static readonly string[] Files = ["whispercpp.json", "deepgram.json", "plain.ttml", "teams.vtt", "whispercpp.csv", "stable.ass", "vosk.json", "whisperx.srt", "youtube.json3", "plain.eaf"];
    private static readonly string[] Inserted = ["\n", "0", ",", "\"", "<", "null", "9", ":", "]", "\t"];

    private readonly ScratchFolder _scratch = new();
    private readonly string _turns;

    public DamagedExportTests() => _turns = _scratch.Write(
        "turns.rttm",
        "SPEAKER r 1 0.00 4.00 <NA> <NA> A <NA> <NA>\nSPEAKER r 1 4.00 3.00 <NA> <NA> B <NA> <NA>\nSPEAKER r 1 7.00 5.00 <NA> <NA> A <NA> <NA>\n");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task The_tool_refuses_or_gives_every_word()
    {
        string folder = Path.Combine(Repository.Root, "tests", "Diarist.Tests", "Fixtures", "Exports");
        var random = new Random(19);
        int read = 0;
        foreach (string name in Files)
        {
            string text = File.ReadAllText(Path.Combine(folder, name));
            int[] spoken = [.. Said.SelectMany(word => Places(text, word))];
            int at = Enumerable.Range(0, 1000).Select(_ => random.Next(text.Length)).First(place => !spoken.Contains(place) && !spoken.Contains(place - 1));
            string damaged = text.Insert(at, Inserted[random.Next(Inserted.Length)]);
            string path = _scratch.Write(name, damaged);
            CliResult result = await CliProcess.RunAsync("annotate", path, "--turns", _turns, "--overwrite", "--format", "seglst");
            Assert.True(result.ExitCode is 0 or 3, string.Create(CultureInfo.InvariantCulture, $"{name} at {at}: {result.ExitCode}: {result.Error}"));
            if (result.ExitCode == 0)
            {
                read++;
                Assert.All(Said, word => Assert.Contains(word, result.Output, StringComparison.OrdinalIgnoreCase));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{read} of {Files.Length} were read");
        Assert.NotEqual(0, read);
    }

    private static IEnumerable<int> Places(string text, string word)
    {
        for (int at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            for (int i = 0; i < word.Length; i++)
            {
                yield return at + i;
            }
        }
    }
}
