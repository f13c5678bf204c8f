using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Diarist.Cli.Tests.Support;
using Diarist.Identity;
using Microsoft.AspNetCore.Http;

namespace Diarist.Cli.Tests;

/// <summary><c>diarize --server</c>: what comes back, what is sent, and what happens when a server does not do its part.</summary>
public sealed class RemoteTests : IDisposable
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    private readonly ScratchFolder _folder = new();

    private string Store => Path.Combine(_folder.Path, "voices");

    private string Key => Path.Combine(_folder.Path, "voices.key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_gives_the_bytes_of_a_local_run_and_is_sent_the_same_with_voices_and_without()
    {
        await using LocalServer server = await LocalServer.DiaristAsync(Path.Combine(_folder.Path, "data"));
        using var proxy = new RecordingProxy(server.Address);
        await Diarize("local", "--format", "rttm,json,text");
        await Diarize("remote", "--format", "rttm,json,text", "--server", proxy.Address, "--max-speakers", "9");
        string without = Normalized(proxy.Take());
        foreach (string file in (string[])["conversation.rttm", "conversation.txt"])
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.Path, "local", file)), File.ReadAllBytes(Path.Combine(_folder.Path, "remote", file)));
        }

        Assert.Equal(File.ReadAllText(Path.Combine(_folder.Path, "local", "conversation.json")), File.ReadAllText(Path.Combine(_folder.Path, "remote", "conversation.json")).Replace("\"maximum\": 9", "\"maximum\": null", StringComparison.Ordinal));
        (await CliProcess.RunAsync("voices", "enroll", "Anna", Voice("Anna"), "--consent", "--store", Store, "--key", Key)).Succeeded();
        await Diarize("named", "--format", "rttm", "--server", proxy.Address, "--max-speakers", "9", "--voices", Store, "--key", Key);
        string with = Normalized(proxy.Take());
        string[] speakers = [.. File.ReadAllLines(Path.Combine(_folder.Path, "named", "conversation.rttm")).Select(line => line.Split(' ')[7]).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(4, speakers.Length);
        Assert.Contains("Anna", speakers);
        Assert.Equal(3, speakers.Count(speaker => speaker.StartsWith("SPEAKER_", StringComparison.Ordinal)));

        Assert.Equal(without, with);
        Assert.Contains("\"maxSpeakers\":9", with, StringComparison.Ordinal);
        Assert.Contains(Encoding.Latin1.GetString(File.ReadAllBytes(Repository.Sample)), with, StringComparison.Ordinal);
        string[] secrets = [.. Secrets()];
        Assert.True(secrets.Length > 25);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, with, StringComparison.Ordinal));

        // Nothing is left there.
        using var client = new HttpClient();
        Assert.Equal("{\"recordings\":[]}", await client.GetStringAsync(new Uri(server.Address, "api/recordings"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_transcript_gets_its_speakers_from_a_server_that_is_sent_the_same_with_voices_and_without()
    {
        await using LocalServer server = await LocalServer.DiaristAsync(Path.Combine(_folder.Path, "data"));
        using var proxy = new RecordingProxy(server.Address);
        (await CliProcess.RunAsync("voices", "enroll", "Anna", Voice("Anna"), "--consent", "--store", Store, "--key", Key)).Succeeded();
        string output = Path.Combine(_folder.Path, "words.txt");
        Turn[] anna = [.. File.ReadLines(Path.Combine(Repository.Root, "samples", "conversation.rttm")).Select(line => line.Split(' ')).Where(part => part[7] == "anna").Select(part => new Turn(Number(part[3]), Number(part[3]) + Number(part[4]), part[7]))];
        Turn longest = anna.MaxBy(turn => turn.Duration);
        File.WriteAllText(output, string.Create(CultureInfo.InvariantCulture, $"[{longest.Start:0.00}s - {longest.End:0.00}s] hello\n"));
        string[] transcribe = ["transcribe", Repository.Sample, "--diarize", "--engine", "process", "--command", $"cat {output}", "--format", "csv"];
        string local = (await CliProcess.RunAsync(transcribe)).Succeeded();
        Assert.Equal(local, (await CliProcess.RunAsync([.. transcribe, "--server", proxy.Address])).Succeeded());
        Assert.Contains("SPEAKER_", local, StringComparison.Ordinal);
        string without = Normalized(proxy.Take());
        Assert.Contains(",Anna,hello", (await CliProcess.RunAsync([.. transcribe, "--server", proxy.Address, "--voices", Store, "--key", Key])).Succeeded(), StringComparison.Ordinal);
        string with = Normalized(proxy.Take());
        Assert.Equal(without, with);
        Assert.All(Secrets(), secret => Assert.DoesNotContain(secret, with, StringComparison.Ordinal));
        Assert.DoesNotContain("hello", with, StringComparison.Ordinal);
        Assert.Contains("--diarize", (await CliProcess.RunAsync([.. transcribe.Where(argument => argument != "--diarize"), "--server", proxy.Address])).Failed(2), StringComparison.Ordinal);
        Assert.Contains(",Anna,hello", (await CliProcess.RunAsync([.. transcribe, "--voices", Store, "--key", Key])).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_refuses_is_one_sentence_and_exit_code_7()
    {
        (int Status, string Header, string Value, string Expected)[] answers =
        [
            (401, "", "", "--server-key-file"), (413, "", "", "too large"), (302, "Location", "http://example.org/", "not followed"), (500, "", "", "failed (500)"),
            (429, "Retry-After", "3600", "too much to do"), (429, "Retry-After", "1", "too much to do"), (200, "", "", "is not a `diarist serve`"),
        ];
        await Task.WhenAll(answers.Select(async answer =>
        {
            await using LocalServer server = await LocalServer.AnsweringAsync(context =>
            {
                context.Response.StatusCode = answer.Status;
                if (answer.Header.Length > 0)
                {
                    context.Response.Headers[answer.Header] = answer.Value;
                }

                return Task.CompletedTask;
            });
            CliResult result = await CliProcess.RunAsync("diarize", Repository.Sample, "--server", server.Address.AbsoluteUri);
            Assert.Contains(answer.Expected, result.Failed(7), StringComparison.Ordinal);
            Assert.Empty(result.Output);
            Assert.Equal(answer.Value == "1" ? 3 : 1, server.Requests.Count);
        }));

        LocalServer gone = await LocalServer.AnsweringAsync(_ => Task.CompletedTask);
        string address = gone.Address.AbsoluteUri;
        await gone.DisposeAsync();
        Assert.Contains("could not be reached", (await CliProcess.RunAsync("diarize", Repository.Sample, "--server", address)).Failed(7), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_voices_in_an_answer_are_ignored_and_the_key_is_sent()
    {
        string? key = null;
        await using LocalServer server = await LocalServer.AnsweringAsync(context =>
        {
            key = context.Request.Headers.Authorization;
            return AnswerAsync(context, "data: {\"state\":\"done\"}\n\n");
        });
        CliResult result = await CliProcess.RunAsync(
            ["diarize", Repository.Sample, "--server", server.Address.AbsoluteUri, "--format", "json"], null, default, ("DIARIST_SERVER_KEY", "a-key-of-some-length"));
        string json = result.Succeeded();
        Assert.Contains("are ignored", result.Error, StringComparison.Ordinal);
        Assert.Contains("\"speaker\": \"SPEAKER_00\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("Ada", json, StringComparison.Ordinal);
        Assert.DoesNotContain("embedding", json, StringComparison.Ordinal);
        Assert.Equal("Bearer a-key-of-some-length", key);
        Assert.Equal($"DELETE /api/recordings/{Id}", server.Requests.Last());
    }

    [Fact]
    public async Task A_cancelled_run_deletes_the_recording_there()
    {
        var waiting = new TaskCompletionSource();
        var deleted = new TaskCompletionSource();
        await using LocalServer server = await LocalServer.AnsweringAsync(async context =>
        {
            if (context.Request.Method == "DELETE")
            {
                deleted.SetResult();
            }
            else if (context.Request.Path.Value!.EndsWith("/events", StringComparison.Ordinal))
            {
                await context.Response.WriteAsync("data: {\"state\":\"running\"}\n\n");
                await context.Response.Body.FlushAsync();
                waiting.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            }

            await AnswerAsync(context, "");
        });
        using Process tool = CliProcess.Start(["diarize", Repository.Sample, "--server", server.Address.AbsoluteUri]);
        await waiting.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", ["-TERM", tool.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await deleted.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(143, tool.ExitCode);
    }

    [Fact]
    public async Task What_cannot_be_done_there_is_a_mistake_of_usage_before_anything_is_sent()
    {
        await using LocalServer server = await LocalServer.AnsweringAsync(_ => Task.CompletedTask);
        string url = server.Address.AbsoluteUri;
        string[][] mistakes =
        [
            ["--server", url, "--save", "x.session"], ["--server", url, "--packs", "."], ["--server", url, "--recipe", "ahc"], ["--server", url, "--channels", "separate"],
            ["--server", url, "--min-gap", "1"], ["--server", url, "--min-turn", "0"], ["--server", "ftp://127.0.0.1/"], ["--server", "127.0.0.1:8420"], ["--server-key-file", "x"],
        ];
        await Task.WhenAll(mistakes.Select(async mistake => (await CliProcess.RunAsync(["diarize", Repository.Sample, .. mistake])).Failed(2)));
        Assert.Empty(server.Requests);
    }

    private static Task AnswerAsync(HttpContext context, string events) => context.Response.WriteAsync(context.Request.Path.Value!.Split('/')[^1] switch
    {
        "recordings" => $$"""{"id":"{{Id}}","state":"uploading"}""",
        "events" => events,
        "export" => """
            {"schema":"diarist/1","source":{"name":"recording","seconds":5.000,"rate":16000,"channels":1},
            "speakers":[{"label":"Ada","seconds":2.000,"turns":1,"longest":2.000,"ghost":false,"embedding":[0.5,0.5]}],
            "count":{"found":1,"requested":null,"minimum":null,"maximum":null,"certainty":0.9,"uncertain":false},
            "identities":[{"label":"SPEAKER_00","name":"Ada"}],
            "turns":[{"start":1.000,"end":3.000,"speaker":"Ada"}],"exclusiveTurns":[{"start":1.000,"end":3.000,"speaker":"Ada"}],
            "recipe":{"name":"segments","step":1,"precision":"int8","minDurationOn":0,"minDurationOff":0},"packs":[],"warnings":[]}
            """,
        _ => "{}",
    });

    // Recordings get a new identifier each time, which says nothing.
    private static string Normalized(byte[] sent)
    {
        string text = Encoding.Latin1.GetString(sent);
        return text.Replace(Regex.Match(text, "/api/recordings/([0-9a-f]{8,64})/content").Groups[1].Value, "ID", StringComparison.Ordinal);
    }

    /// <summary>The names, and parts of the enrolled vectors and enrolment recordings in the forms in which they could be sent, as Latin-1.</summary>
    private IEnumerable<string> Secrets()
    {
        using VoiceKey key = VoiceKey.FromFile(Key);
        using VoiceStore store = VoiceStore.Open(Store, key);
        foreach (VoiceProfile profile in store.ReadAll())
        {
            yield return profile.Name;
            yield return profile.Id.ToString("N");
            yield return Encoding.Latin1.GetString(File.ReadAllBytes(Voice(profile.Name)).AsSpan(8192, 64));
            foreach (double[] vector in profile.Exemplars.SelectMany(exemplar => (double[][])[exemplar.Group.Sum.ToArray(), exemplar.Group.Centre()]))
            {
                byte[][] forms =
                [
                    [.. vector.SelectMany(BitConverter.GetBytes)], [.. vector.SelectMany(value => BitConverter.GetBytes((float)value))], [.. vector.SelectMany(value => BitConverter.GetBytes((Half)value))],
                ];
                foreach (byte[] form in forms)
                {
                    yield return Encoding.Latin1.GetString(form.AsSpan(96, 16));

                    // A vector may begin at any of the three bytes that four letters stand for.
                    for (int shift = 0; shift < 3; shift++)
                    {
                        yield return Convert.ToBase64String(form.AsSpan(96 + shift, 18));
                    }
                }

                yield return ((float)vector[7]).ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private async Task Diarize(string folder, params string[] options) =>
        (await CliProcess.RunAsync(["diarize", Repository.Sample, "-o", Directory.CreateDirectory(Path.Combine(_folder.Path, folder)).FullName, .. options])).Succeeded();

    private static string Voice(string name) => Path.Combine(Repository.Root, "samples", "voices", $"{name.ToLowerInvariant()}.flac");
}
