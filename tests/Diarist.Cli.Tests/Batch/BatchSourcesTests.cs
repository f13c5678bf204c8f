using Diarist.Cli.Batch;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>Which recordings a source names, and how they are called.</summary>
public sealed class BatchSourcesTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_folder_gives_its_recordings_with_their_places()
    {
        Files("in/b/y.wav", "in/x.flac", "in/b/notes.txt", "in/.hidden/z.wav", "in/b/c.d/u.v.mp3");
        Assert.Equal(["b/c.d/u.v", "b/y", "x"], Ids("in"));
    }

    [Fact]
    public void Recordings_of_one_name_get_as_much_more_of_their_paths_as_tells_them_apart()
    {
        Files("one/x.wav", "one/x.flac", "one/y.wav", "two/y.wav");
        Assert.Equal(["one/y", "two/y", "x.flac", "x.wav"], Ids("one", "two"));
    }

    [Fact]
    public void Names_that_differ_in_case_only_are_told_apart_on_every_system()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a file system that tells cases apart");
        Files("in/Z.wav", "in/z.wav");
        string[] ids = Ids("in");
        Assert.Matches("^Z~[0-9a-f]{8}$", ids[0]);
        Assert.Matches("^z~[0-9a-f]{8}$", ids[1]);
        Assert.NotEqual(ids[0], ids[1], StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_file_that_is_named_twice_is_one_recording()
    {
        Files("in/x.wav");
        Assert.Equal(["x"], Ids("in", "in/x.wav"));
    }

    [Theory]
    [InlineData("in/*.wav", "x")]
    [InlineData("in/**/*.wav", "b/c/z,b/y,x")]
    [InlineData("in/b/**", "c/z,other,y")]
    [InlineData("in/?/y.wav", "b/y")]
    public void A_pattern_gives_what_it_matches(string pattern, string ids)
    {
        Files("in/x.wav", "in/b/y.wav", "in/b/c/z.wav", "in/b/other.bin");
        Assert.Equal(ids.Split(','), Ids(pattern));
    }

    [Fact]
    public void A_link_to_a_folder_above_ends_no_search()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a right there");
        Files("in/x.wav");
        Directory.CreateSymbolicLink(Path.Combine(_scratch.Path, "in", "again"), Path.Combine(_scratch.Path, "in"));
        Assert.Equal(["x"], Ids("in"));
    }

    [Fact]
    public void A_manifest_may_be_of_NeMo_and_its_paths_are_relative_to_it()
    {
        Files("data/a.wav", "data/b.wav");
        string manifest = _scratch.Write("data/list.jsonl", """
            {"audio_filepath": "a.wav", "offset": 0, "duration": null, "label": "infer", "text": "-", "num_speakers": 3, "rttm_filepath": null}

            {"path": "b.wav", "id": "calls/second", "minSpeakers": 2, "maxSpeakers": 4, "language": "de"}
            """);
        IReadOnlyList<BatchRecording> recordings = BatchSources.Read([manifest]);
        Assert.All(recordings, recording => Assert.Equal(Path.Combine(_scratch.Path, "data"), recording.Root));
        Assert.Equal(
            [
                new BatchRecording("a", Path.Combine(_scratch.Path, "data", "a.wav")) { Speakers = 3 },
                new BatchRecording("calls/second", Path.Combine(_scratch.Path, "data", "b.wav")) { Named = true, MinimumSpeakers = 2, MaximumSpeakers = 4, Language = "de" },
            ],
            recordings.Select(recording => recording with { Root = null }));
        Assert.Equal("calls/second", recordings[1].RttmName);
    }

    [Theory]
    [InlineData("""{"path": "a.wav", "id": "../a"}""", "line 1: the id ../a is not a path below the output")]
    [InlineData("""{"path": "a.wav", "id": "/a"}""", "not a path below the output")]
    [InlineData("""{"path": "a.wav", "id": "a//b"}""", "not a path below the output")]
    [InlineData("""{"path": "a.wav", "id": ".diarist/done/x"}""", "not a path below the output")]
    [InlineData("""{"path": "a.wav", "id": "a\u0007"}""", "control character")]
    [InlineData("""{"path": "a.wav", "speakers": 0}""", "\"speakers\" must be a whole number from 1 to 1000")]
    [InlineData("""{"path": "a.wav", "speakers": "two"}""", "\"speakers\" must be a whole number")]
    [InlineData("""{"path": "a.wav", "minSpeakers": 4, "maxSpeakers": 2}""", "above the largest")]
    [InlineData("""{"audio_filepath": "a.wav", "offset": 3.5, "duration": 2}""", "names a part of a recording")]
    [InlineData("""{"id": "a"}""", "has no \"path\"")]
    [InlineData("""{"path": "a.wav", "object": "a"}""", "exclude each other")]
    [InlineData("""[1]""", "a JSON object was expected")]
    [InlineData("""{"path": "a.wav" """, "this is not JSON")]
    [InlineData("{\"path\": \"a.wav\"}\n{\"path\": 3}", "line 2: \"path\" must be a text")]
    public void A_line_that_cannot_be_right_is_refused_with_its_place(string lines, string problem)
    {
        string manifest = _scratch.Write("list.jsonl", lines);
        Assert.Contains(problem, Assert.Throws<AnnotationFormatException>(() => BatchSources.Read([manifest])).Message);
    }

    [Fact]
    public void An_id_that_is_given_twice_is_refused()
    {
        string manifest = _scratch.Write("list.jsonl", "{\"path\": \"a.wav\", \"id\": \"x\"}\n{\"path\": \"b.wav\", \"id\": \"X\"}");
        Assert.Contains("given twice", Assert.Throws<UsageException>(() => BatchSources.Read([manifest])).Message);
    }

    [Fact]
    public void Parts_have_every_recording_once_and_each_about_as_many()
    {
        string[] ids = [.. Enumerable.Range(0, 4000).Select(number => $"calls/{number}")];
        int[] counts = [.. Enumerable.Range(1, 8).Select(number => ids.Count(id => new Shard(number, 8).Holds(id)))];
        Assert.Equal(ids.Length, counts.Sum());
        Assert.All(counts, count => Assert.InRange(count, 400, 600));
    }

    [Theory]
    [InlineData("0/4")]
    [InlineData("5/4")]
    [InlineData("1/0")]
    [InlineData("1")]
    [InlineData("a/b")]
    [InlineData("-1/4")]
    public void A_part_that_is_not_there_is_refused(string text) => Assert.Throws<UsageException>(() => Shard.Parse(text));

    private string[] Ids(params string[] sources) => [.. BatchSources.Read([.. sources.Select(source => Path.Combine(_scratch.Path, source))]).Select(recording => recording.Id)];

    private void Files(params string[] files)
    {
        foreach (string file in files)
        {
            _scratch.Write(file, "");
        }
    }
}
