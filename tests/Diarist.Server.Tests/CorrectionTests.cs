using System.Net;
using System.Text.Json.Nodes;

namespace Diarist.Server.Tests;

/// <summary>Corrections over HTTP: made, refused, kept over a restart, in every export, and gone with the recording.</summary>
public class CorrectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_correction_by_the_command_is_seen_and_never_written_over()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string id = await server.UploadAsync(Samples.Piece(server.Folder, 12));
        await server.FinishAsync(id);
        string file = Path.Combine(server.Folder, "data", "recordings", id, "session.diarist");
        Assert.Equal(0, (int)(await server.GetAsync($"api/recordings/{id}/session"))["revision"]!);
        await Tool.RunAsync("session", "rename", file, "SPEAKER_00", "Ada");
        JsonNode late = await EditAsync(server, id, new { revision = 0, kind = "rename", label = "SPEAKER_00", name = "Bob" }, HttpStatusCode.Conflict);
        Assert.Equal("revision", (string?)late["code"]);
        JsonNode seen = await server.GetAsync($"api/recordings/{id}/session");
        Assert.Equal(1, (int)seen["revision"]!);
        Assert.Equal("Ada", (string?)seen["speakers"]![0]!["name"]);
        Assert.Equal(2, (int)(await EditAsync(server, id, new { revision = 1, kind = "rename", label = "SPEAKER_00", name = "Bob" }))["revision"]!);
    }

    [Fact]
    public async Task Corrections_hold_over_a_restart_reach_exports_as_the_tool_writes_them_and_go_with_the_recording()
    {
        string folder = Directory.CreateTempSubdirectory("diarist-server-").FullName;
        try
        {
            string audio = Samples.Piece(folder, 30, "two people.wav");
            string id, rttm;
            await using (RunningServer server = await RunningServer.StartAsync(folder: folder))
            {
                id = await server.UploadAsync(audio);
                await server.FinishAsync(id);
                JsonNode session = await server.GetAsync($"api/recordings/{id}/session");
                string[] labels = [.. session["speakers"]!.AsArray().Select(speaker => (string)speaker!["label"]!)];
                Assert.True(labels.Length >= 2);
                JsonNode renamed = await EditAsync(server, id, new { revision = 0, kind = "rename", label = labels[0], name = "Ada Lovelace" });
                Assert.Equal(1, (int)renamed["revision"]!);
                Assert.True((bool)renamed["canUndo"]!);

                JsonNode late = await EditAsync(server, id, new { revision = 0, kind = "rename", label = labels[1], name = "Bob" }, HttpStatusCode.Conflict);
                Assert.Equal("revision", (string?)late["code"]);
                JsonNode taken = await EditAsync(server, id, new { revision = 1, kind = "rename", label = labels[1], name = "Ada Lovelace" }, HttpStatusCode.Conflict);
                Assert.Equal("contradiction", (string?)taken["code"]);

                JsonNode merged = await EditAsync(server, id, new { revision = 1, kind = "merge", label = labels[1], into = labels[0] });
                Assert.True(merged["speakers"]!.AsArray().Count < labels.Length);
                JsonNode undone = await EditAsync(server, id, new { revision = 2, kind = "undo" });
                Assert.Equal(labels.Length, undone["speakers"]!.AsArray().Count);
                Assert.True((bool)undone["canRedo"]!);
                rttm = await ExportAsync(server, id, "rttm");
                Assert.Contains("Ada%20Lovelace", rttm.Replace("Ada_Lovelace", "Ada%20Lovelace", StringComparison.Ordinal));

                string copy = Path.Combine(folder, "copy.diarist");
                File.Copy(Path.Combine(folder, "data", "recordings", id, "session.diarist"), copy);
                foreach (string format in (string[])["rttm", "json", "text"])
                {
                    Assert.Equal(await Tool.RunAsync("session", "export", copy, "--format", format), await ExportAsync(server, id, format));
                }
            }

            await using (RunningServer server = await RunningServer.StartAsync(folder: folder))
            {
                Assert.Equal(3, (int)(await server.GetAsync($"api/recordings/{id}/session"))["revision"]!);
                Assert.Equal(rttm, await ExportAsync(server, id, "rttm"));
                await server.PostAsync($"api/recordings/{id}/edits", new { revision = 3, kind = "redo" });
                Assert.Equal(HttpStatusCode.NoContent, (await server.Client.DeleteAsync($"api/recordings/{id}", Cancellation)).StatusCode);
                Assert.Empty((await server.GetAsync("api/recordings"))["recordings"]!.AsArray());
            }

            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder, "data", "recordings")));
            Assert.All(Directory.EnumerateFiles(Path.Combine(folder, "data")), file =>
                Assert.DoesNotContain("two people", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_same_bytes_come_out_as_from_the_tool()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string audio = Samples.Piece(server.Folder, 15, "meeting.wav", from: 30);
        string id = await server.UploadAsync(audio);
        await server.FinishAsync(id);
        foreach (string format in (string[])["rttm", "json", "text"])
        {
            Assert.Equal(await Tool.RunAsync("diarize", audio, "--format", format), await ExportAsync(server, id, format));
        }
    }

    [Fact]
    public async Task A_transcript_that_is_brought_gets_the_speakers_and_the_tool_writes_the_same()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string audio = Samples.Piece(server.Folder, 8, "talk.wav");
        string id = await server.UploadAsync(audio);
        await server.FinishAsync(id);
        using HttpResponseMessage none = await server.Client.GetAsync($"api/recordings/{id}/export?format=srt", Cancellation);
        Assert.Equal("no_words", (string?)(await RunningServer.JsonAsync(none, HttpStatusCode.Conflict))["code"]);

        byte[] words = (await new TestRecognizer().TranscribeAsync("", Cancellation)).Bytes;
        string transcript = Path.Combine(server.Folder, "talk.json"), turns = Path.Combine(server.Folder, "talk.rttm");
        await File.WriteAllBytesAsync(transcript, words, Cancellation);
        using HttpResponseMessage brought = await server.Client.PutAsync($"api/recordings/{id}/transcript?name=talk.json", new ByteArrayContent(words), Cancellation);
        JsonNode session = await RunningServer.JsonAsync(brought, HttpStatusCode.OK);
        Assert.Equal(7, session["words"]!.AsArray().Count);
        Assert.Empty(session["warnings"]!.AsArray());
        foreach (string format in (string[])["srt", "vtt", "text", "markdown", "csv", "ctm", "stm", "textgrid"])
        {
            // The turns of an RTTM have three decimals; all of them lie on this grid here, because attribution reads the words' times.
            await File.WriteAllTextAsync(turns, await ExportAsync(server, id, "turns.rttm"), Cancellation);
            Assert.Equal(await Tool.RunAsync("annotate", transcript, "--turns", turns, "--format", format), await ExportAsync(server, id, format));
        }
    }

    [Fact]
    public async Task A_transcript_that_does_not_fit_is_taken_with_a_warning()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string id = await server.UploadAsync(Samples.Piece(server.Folder, 8));
        await server.FinishAsync(id);
        byte[] captions = "1\n01:00:00,400 --> 01:00:03,000\nGood morning everybody.\n"u8.ToArray();
        using HttpResponseMessage brought = await server.Client.PutAsync($"api/recordings/{id}/transcript?name=late.srt", new ByteArrayContent(captions), Cancellation);
        JsonNode session = await RunningServer.JsonAsync(brought, HttpStatusCode.OK);
        Assert.Contains("1 of 1 texts with times have no speaker", (string?)Assert.Single(session["warnings"]!.AsArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_is_about_a_turn_and_its_answer_is_a_correction()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string id = await server.UploadAsync(Samples.Piece(server.Folder, 60));
        await server.FinishAsync(id);
        JsonNode session = await server.GetAsync($"api/recordings/{id}/session"), review = await server.GetAsync($"api/recordings/{id}/review");
        Assert.Equal((int)session["revision"]!, (int)review["revision"]!);
        JsonNode question = review["questions"]!.AsArray().First()!;
        JsonNode turn = session["turns"]![(int)question["turn"]!]!;
        Assert.Equal((double)turn["start"]!, (double)question["start"]!);
        Assert.Equal((string?)turn["speaker"], (string?)question["choices"]![0]!["label"]);
        Assert.NotEmpty(question["excerpts"]!.AsArray());
        JsonNode answered = await EditAsync(server, id, new { revision = 0, kind = "answer", turns = new[] { (int)question["turn"]! }, label = (string?)question["choices"]![0]!["label"] });
        Assert.Equal(1, (int)answered["revision"]!);
        Assert.NotNull(answered["undoText"]);
    }

    private static async Task<JsonNode> EditAsync(RunningServer server, string id, object edit, HttpStatusCode status = HttpStatusCode.OK) =>
        await server.PostAsync($"api/recordings/{id}/edits", edit, status);

    private static async Task<string> ExportAsync(RunningServer server, string id, string format) =>
        await server.Client.GetStringAsync($"api/recordings/{id}/export?format={format}", Cancellation);
}
