using System.Text.Json;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>A batch as its user sees it.</summary>
public sealed class BatchCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string In => Path.Combine(_scratch.Path, "in");

    private string Out => Path.Combine(_scratch.Path, "out");

    [Fact]
    public async Task Results_are_those_of_diarize_and_only_what_is_missing_or_changed_is_done_again()
    {
        string first = BatchFiles.Recording(_scratch, "in/first.wav", 0, 8);
        string second = BatchFiles.Recording(_scratch, "in/deep/second.wav", 5, 8);
        string third = BatchFiles.Recording(_scratch, "in/third.wav", 20, 6);
        _scratch.Write("in/broken.wav", "no audio");
        CliResult run = await RunAsync("--format", "all");
        Assert.Equal(8, run.ExitCode);
        JsonElement failure = BatchFiles.Failures(Out)["broken"];
        Assert.Equal((3, 3, true), (failure.GetProperty("exitCode").GetInt32(), failure.GetProperty("tries").GetInt32(), failure.GetProperty("quarantined").GetBoolean()));
        Assert.Equal(3, BatchFiles.Events(Out, "done"));
        foreach ((string recording, string result) in ((string, string)[])[(first, "first"), (second, "deep/second"), (third, "third")])
        {
            foreach (string extension in (string[])[".json", ".rttm", ".txt"])
            {
                string alone = Path.Combine(_scratch.Path, "alone" + extension);
                (await CliProcess.RunAsync("diarize", recording, "-o", alone)).Succeeded();
                Assert.Equal(await File.ReadAllBytesAsync(alone), await File.ReadAllBytesAsync(Path.Combine(Out, result + extension)));
            }
        }

        // Nothing is left to do.
        SortedDictionary<string, string> before = BatchFiles.Content(Out);
        Assert.Equal(8, (await RunAsync("--format", "all")).ExitCode);
        Assert.Equal(before, BatchFiles.Content(Out));
        Assert.Equal(3, BatchFiles.Events(Out, "done"));

        // One is written to without a change, one is changed, one result is lost, the broken one is replaced by a good one.
        File.SetLastWriteTimeUtc(first, DateTime.UtcNow.AddHours(1));
        BatchFiles.Recording(_scratch, "in/deep/second.wav", 30, 7);
        File.Delete(Path.Combine(Out, "third.rttm"));
        File.Copy(first, Path.Combine(In, "broken.wav"), overwrite: true);
        (await RunAsync("--format", "all")).Succeeded();
        Assert.Equal(6, BatchFiles.Events(Out, "done"));
        Assert.Equal(1, BatchFiles.Events(Out, "unchanged"));
        Assert.False(File.Exists(Path.Combine(Out, "failures.jsonl")));

        // Other options make other results; the files of formats that are no longer wanted go.
        (await RunAsync("--format", "rttm")).Succeeded();
        Assert.Equal(10, BatchFiles.Events(Out, "done"));
        Assert.False(File.Exists(Path.Combine(Out, "first.json")));

        JsonElement status = JsonSerializer.Deserialize<JsonElement>((await CliProcess.RunAsync("batch", "status", Out, "--json")).Succeeded());
        Assert.Equal((4, 4, 0), (status.GetProperty("recordings").GetInt32(), status.GetProperty("done").GetInt32(), status.GetProperty("failed").GetInt32()));
        string parquet = Path.Combine(_scratch.Path, "report.parquet");
        (await CliProcess.RunAsync("batch", "report", Out, "-o", parquet)).Succeeded();
        await AssertParquetAsync(parquet, ["broken", "deep/second", "first", "third"]);
    }

    [Fact]
    public async Task Options_of_a_line_hold_for_its_recording_and_the_networks_serve_all()
    {
        BatchFiles.Recording(_scratch, "in/a.wav", 0, 13);
        BatchFiles.Recording(_scratch, "in/b.wav", 0, 13);
        string manifest = _scratch.Write("in/list.jsonl", "{\"path\": \"a.wav\", \"speakers\": 1}\n{\"path\": \"b.wav\", \"speakers\": 2, \"language\": \"en\"}\n");
        (await CliProcess.RunAsync("batch", manifest, "-o", Out)).Succeeded();
        JsonElement report = JsonSerializer.Deserialize<JsonElement>((await CliProcess.RunAsync("batch", "report", Out)).Succeeded());
        Assert.Equal([1, 2], report.GetProperty("list").EnumerateArray().Select(row => row.GetProperty("speakers").GetInt32()));
        string alone = Path.Combine(_scratch.Path, "alone.json");
        (await CliProcess.RunAsync("diarize", Path.Combine(In, "b.wav"), "--speakers", "2", "-o", alone)).Succeeded();
        Assert.Equal(await File.ReadAllBytesAsync(alone), await File.ReadAllBytesAsync(Path.Combine(Out, "b.json")));
    }

    [Fact]
    public async Task Parts_together_do_what_one_run_does()
    {
        foreach (int number in Enumerable.Range(0, 5))
        {
            BatchFiles.Recording(_scratch, $"in/{number}.wav", 3 * number, 4);
        }

        CliResult[] parts = await Task.WhenAll(Enumerable.Range(1, 2).Select(part => RunAsync("--shard", $"{part}/2", "--jobs", "1")));
        Assert.All(parts, part => part.Succeeded());
        Assert.Equal(5, BatchFiles.Events(Out, "started"));
        string whole = Path.Combine(_scratch.Path, "whole");
        (await CliProcess.RunAsync("batch", In, "-o", whole)).Succeeded();
        BatchFiles.AssertSame(whole, Out);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_before_anything_is()
    {
        BatchFiles.Recording(_scratch, "in/x.wav", 0, 2);
        Assert.Contains("needs a source", (await CliProcess.RunAsync("batch", "-o", Out)).Failed(2));
        Assert.Contains("needs --output DIR", (await CliProcess.RunAsync("batch", In)).Failed(2));
        Assert.Contains("no such file or folder", (await CliProcess.RunAsync("batch", In + "2", "-o", Out)).Failed(3));
        Assert.Contains("no file matches", (await CliProcess.RunAsync("batch", In + "/*.mp3", "-o", Out)).Failed(2));
        Assert.Contains("i from 1 to n", (await RunAsync("--shard", "0/2")).Failed(2));
        Assert.Contains("no batch has written there", (await CliProcess.RunAsync("batch", "status", In)).Failed(3));
        string manifest = _scratch.Write("list.jsonl", "{\"path\": \"in/x.wav\", \"id\": \"a\"}\n{\"path\": \"in/x.wav\", \"id\": \"a.json/b\"}\n");
        Assert.Contains("needs a folder where a has a result", (await CliProcess.RunAsync("batch", manifest, "-o", Out)).Failed(2));
        CliResult plan = await RunAsync("--plan");
        plan.Succeeded();
        Assert.Contains("to do: 1 recording", plan.Error);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public async Task The_plan_names_files_hours_time_and_disk_before_anything_is_done()
    {
        BatchFiles.Recording(_scratch, "in/long.wav", 0, 60, times: 6);
        BatchFiles.Recording(_scratch, "in/short.wav", 0, 30);
        CliResult plan = await RunAsync("--plan", "--jobs", "1");
        plan.Succeeded();
        Assert.Matches(@"to do: 2 recordings, 6\.5 min, 1 at a time, about [0-9]+ (s|min) at [0-9]+× real time; results of about [0-9.]+ [kM]B, [0-9.]+ [MG]B are free", plan.Error);
        Assert.False(Directory.Exists(Out));
    }

    private Task<CliResult> RunAsync(params string[] options) => CliProcess.RunAsync(["batch", In, "-o", Out, .. options]);

    private static async Task AssertParquetAsync(string path, string[] ids)
    {
        await using Parquet.ParquetReader reader = await Parquet.ParquetReader.CreateAsync(path);
        using Parquet.ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        string?[] read = new string?[ids.Length];
        double?[] seconds = new double?[ids.Length];
        await group.ReadAsync(reader.Schema.DataFields[0], read.AsMemory());
        await group.ReadAsync<double>(reader.Schema.DataFields[2], seconds.AsMemory());
        Assert.Equal(ids, read);
        Assert.Equal([8, 7, 8, 6], seconds);
    }
}
