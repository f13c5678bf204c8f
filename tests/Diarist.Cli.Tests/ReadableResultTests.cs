using System.IO.Compression;
using System.Xml.Linq;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

/// <summary>Names, pages and documents.</summary>
public sealed class ReadableResultTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly string _transcript;
    private readonly string _turns;

    public ReadableResultTests()
    {
        _transcript = _scratch.Write("meeting.txt", "[0.50s - 1.00s] hello & co\n[2.10s - 3.00s] good day\n");
        _turns = _scratch.Write("meeting.rttm", "SPEAKER meeting 1 0.400 1.400 <NA> <NA> A <NA> <NA>\nSPEAKER meeting 1 2.000 1.200 <NA> <NA> B <NA> <NA>\n");
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_label_that_is_not_there_and_two_that_become_one_are_said()
    {
        string names = _scratch.Write("names.txt", "# people\n\nA = Ada\nC=Cem\n");
        CliResult result = await CliProcess.RunAsync("annotate", _transcript, "--turns", _turns, "--names", names, "--name", "B=Ada", "--format", "csv");
        Assert.Equal("start,end,speaker,text\n0.500,1.000,Ada,hello & co\n2.100,3.000,Ada,good day\n", result.Succeeded());
        Assert.Contains("no speaker is called C; there are A, B", result.Error, StringComparison.Ordinal);
        Assert.Contains("A and B are merged: both are called Ada", result.Error, StringComparison.Ordinal);
        string broken = _scratch.Write("broken.txt", "A=Ada\nnonsense\n");
        Assert.Contains("broken.txt: line 2", (await CliProcess.RunAsync("annotate", _transcript, "--turns", _turns, "--names", broken)).Failed(3), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text", "txt")]
    [InlineData("markdown", "md")]
    [InlineData("csv", "csv")]
    public async Task What_the_tool_writes_for_people_it_reads_back(string format, string extension)
    {
        string written = Path.Combine(_scratch.Path, $"written.{extension}");
        (await CliProcess.RunAsync("annotate", _transcript, "--turns", _turns, "--format", format, "-o", written)).Succeeded();
        string again = (await CliProcess.RunAsync("annotate", written, "--format", "csv")).Succeeded();
        Assert.Equal(["A,hello & co", "B,good day"], again.TrimEnd('\n').Split('\n').Skip(1).Select(row => string.Join(',', row.Split(',')[2..])));
    }

    [Fact]
    public async Task A_page_escapes_what_was_said()
    {
        string page = (await CliProcess.RunAsync("annotate", _transcript, "--turns", _turns, "--format", "html")).Succeeded();
        Assert.Contains("hello &amp; co", page, StringComparison.Ordinal);
        Assert.DoesNotContain("hello & co", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_is_a_package_of_well_formed_parts()
    {
        string path = Path.Combine(_scratch.Path, "out.docx");
        (await CliProcess.RunAsync("annotate", _transcript, "--turns", _turns, "-o", path)).Succeeded();
        using ZipArchive archive = ZipFile.OpenRead(path);
        Assert.Equal(["[Content_Types].xml", "_rels/.rels", "word/document.xml"], archive.Entries.Select(entry => entry.FullName));
        Assert.All(archive.Entries, entry =>
        {
            using Stream part = entry.Open();
            XDocument.Load(part);
        });
        using Stream text = archive.GetEntry("word/document.xml")!.Open();
        Assert.Contains("B: good day", XDocument.Load(text).Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Short_turns_are_left_out_and_short_pauses_closed()
    {
        Turn[] turns = [new(0, 1, "A"), new(1.1, 2, "A"), new(2.5, 2.55, "B"), new(3, 4, "A"), new(4, 4, "B")];
        Assert.Equal([new(0, 2, "A"), new(3, 4, "A")], ReadableTurns.Select(turns, 0.1, 0.2, exclusive: false));
        Assert.Equal(turns[..4], ReadableTurns.Select(turns, 0, 0, exclusive: true));
    }

    [Fact]
    public async Task The_doctor_says_what_is_found()
    {
        string output = (await CliProcess.RunAsync("doctor", "--no-test")).Succeeded();
        foreach (string word in (string[])["cores", "vectors", "memory", "ffmpeg", "diarize uses", "self-test"])
        {
            Assert.Contains(word, output, StringComparison.Ordinal);
        }

        (string Form, bool Here)[] forms = [("FLAC", true), ("MP3", true), ("Opus in Ogg", true), ("WebM", true), ("AAC", false), ("WMA", false), ("video", false)];
        string[] reads = [.. output.Split('\n').Where(line => line.StartsWith("reads ", StringComparison.Ordinal))];
        Assert.All(forms, form => Assert.EndsWith(form.Here ? "decoded here" : "through ffmpeg", reads.Single(line => line.Contains(form.Form, StringComparison.Ordinal)).TrimEnd(), StringComparison.Ordinal));
    }
}
