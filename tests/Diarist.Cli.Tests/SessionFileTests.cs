using System.Diagnostics;
using Diarist.Cli.Tests.Support;
using Diarist.Sessions;

namespace Diarist.Cli.Tests;

/// <summary>Commands that are killed while they write a session, and commands that write one at once.</summary>
public sealed class SessionFileTests : IDisposable
{
    // Tests that correct the sample as it is heard without options hear it once.
    private static readonly Lazy<Task<byte[]>> Heard = new(HearAsync);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_that_is_not_there_is_said_so_and_an_undo_says_what_it_takes_back()
    {
        Assert.Contains("none.diarist: there is no such file", (await CliProcess.RunAsync("session", "show", Path.Combine(_folder.Path, "none.diarist"))).Failed(3), StringComparison.Ordinal);
        string session = await SaveAsync();
        (await CliProcess.RunAsync("session", "rename", session, "SPEAKER_00", "Ann")).Succeeded();
        CliResult undone = await CliProcess.RunAsync("session", "undo", session);
        undone.Succeeded();
        Assert.Contains("undo: taken back: SPEAKER_00 is Ann;", undone.Error, StringComparison.Ordinal);
        Assert.Matches("cluster: there are 99 speakers; only [0-9]+ could be told apart", (await CliProcess.RunAsync("session", "cluster", session, "--speakers", "99")).Error);
        Assert.Contains("cluster: there is 1 speaker; 1 speaker now.", (await CliProcess.RunAsync("session", "cluster", session, "--speakers", "1")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transcript_with_speakers_of_its_own_is_attached_with_a_warning()
    {
        string session = await SaveAsync();
        string named = _folder.Write("named.json", """{"segments":[{"start":1,"end":2,"text":"Good day.","speaker":"Ann"}]}"""), anonymous = _folder.Write("plain.json", """{"segments":[{"start":1,"end":2,"text":"Good day."}]}""");

        CliResult attached = await CliProcess.RunAsync("session", "attach", session, named);
        CliResult plain = await CliProcess.RunAsync("session", "attach", session, anonymous);

        attached.Succeeded();
        Assert.Contains("named.json: warning: it names speakers itself;", attached.Error, StringComparison.Ordinal);
        plain.Succeeded();
        Assert.Empty(plain.Error);
    }

    [Fact]
    public async Task What_a_session_is_not_is_said_with_the_command_that_makes_it()
    {
        string session = await SaveAsync();
        string words = _folder.Write("plain.json", """{"segments":[{"start":1,"end":2,"text":"Good day."}]}""");

        Assert.Contains("holds no transcript; with one (`diarist session attach`)", (await CliProcess.RunAsync("session", "export", session, "--format", "srt")).Failed(2), StringComparison.Ordinal);
        Assert.Contains("but is a session; export its turns", (await CliProcess.RunAsync("annotate", words, "--turns", session)).Failed(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_killed_at_any_moment_leaves_every_acknowledged_correction()
    {
        string session = await SaveAsync();
        var random = new Random(14);
        long start = Stopwatch.GetTimestamp();
        (await CliProcess.RunAsync("session", "rename", session, "SPEAKER_00", "Name 0")).Succeeded();
        TimeSpan usual = Stopwatch.GetElapsedTime(start);
        int lines = 1, acknowledged = 0, whileWriting = 0;
        for (int round = 1; round <= 12; round++)
        {
            using Process process = CliProcess.Start(["session", "rename", session, "SPEAKER_00", $"Name {round}"]);
            Task<string> said = process.StandardError.ReadToEndAsync(Cancellation);

            // Every second one is killed while it writes, the others at a random moment, some after they have finished.
            TimeSpan moment = usual * (0.6 + (0.8 * random.NextDouble()));
            if (round % 2 == 0)
            {
                using var watcher = new FileSystemWatcher(_folder.Path, "*.part");
                watcher.Created += (_, _) => process.Kill();
                watcher.EnableRaisingEvents = true;
                if (Parts(session).Length > 0)
                {
                    process.Kill();
                }

                await process.WaitForExitAsync(Cancellation);
            }
            else
            {
                await Task.WhenAny(process.WaitForExitAsync(Cancellation), Task.Delay(moment, Cancellation));
                process.Kill();
                await process.WaitForExitAsync(Cancellation);
            }

            bool told = (await said).Contains("rename: ", StringComparison.Ordinal);
            acknowledged += told ? 1 : 0;
            whileWriting += Parts(session).Length;
            DiarizationSession opened = DiarizationSession.Open(session);
            Assert.Empty(opened.Notes);
            Assert.InRange(opened.Revision, told ? lines + 1 : lines, lines + 1);
            Assert.All(opened.Edits.Index(), edit => Assert.Equal(SessionEditKind.Rename, edit.Item.Kind));
            lines = opened.Revision;
        }

        TestContext.Current.SendDiagnosticMessage($"{acknowledged} acknowledged, {whileWriting} unfinished files seen after a kill");
        (await CliProcess.RunAsync("session", "rename", session, "SPEAKER_00", "Last")).Succeeded();
        Assert.Equal("Last", DiarizationSession.Open(session).NameOf("SPEAKER_00"));
        Assert.Empty(Parts(session));
    }

    [Fact]
    public async Task A_question_names_the_command_for_each_answer_and_somebody_else_is_one()
    {
        string session = await SaveAsync(_folder, "--speakers", "3"); // one too few, so that turns are in doubt
        string review = (await CliProcess.RunAsync("session", "review", session)).Succeeded();
        string line = review.Split('\n').First(line => line.Contains("somebody else: ", StringComparison.Ordinal));
        string[] command = line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..].Replace("NAME", "Nora", StringComparison.Ordinal).Split(' ')[1..];
        (await CliProcess.RunAsync(command)).Succeeded();
        Assert.Contains("Nora", (await CliProcess.RunAsync("session", "show", session)).Succeeded(), StringComparison.Ordinal);
        Assert.Contains(" --nobody", review, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_at_once_lose_no_correction()
    {
        string session = await SaveAsync();
        DiarizationSession before = DiarizationSession.Open(session);
        CliResult[] results = await Task.WhenAll(Enumerable.Range(0, 5).Select(number => CliProcess.RunAsync("session", "rename", session, "SPEAKER_00", $"Name {number}")));
        DiarizationSession after = DiarizationSession.Open(session);
        string[] kept = [.. after.Edits.Select(edit => edit.Name!)];
        Assert.NotEmpty(kept);
        foreach ((int number, CliResult result) in results.Index())
        {
            Assert.Equal(result.ExitCode == 0, kept.Contains($"Name {number}"));
            Assert.True(result.ExitCode == 0 || result.Error.Contains("changed by another program", StringComparison.Ordinal), result.Error);
        }

        before.Rename("SPEAKER_00", "Too late");
        Assert.False(before.IsCurrent(session));
        Assert.Throws<SessionChangedException>(() => before.Save(session));
        Assert.Equal(kept.Length, DiarizationSession.Open(session).Edits.Count);
        before.Save(session + ".other");
        Assert.True(before.IsCurrent(session + ".other"));
    }

    private async Task<string> SaveAsync()
    {
        string session = Path.Combine(_folder.Path, "talk.diarist");
        await File.WriteAllBytesAsync(session, await Heard.Value, Cancellation);
        return session;
    }

    private static async Task<byte[]> HearAsync()
    {
        using var folder = new ScratchFolder();
        return await File.ReadAllBytesAsync(await SaveAsync(folder), Cancellation);
    }

    private static async Task<string> SaveAsync(ScratchFolder folder, params string[] options)
    {
        string session = Path.Combine(folder.Path, "talk.diarist");
        (await CliProcess.RunAsync(["diarize", Repository.Sample, "--save", session, .. options])).Succeeded();
        return session;
    }

    private static string[] Parts(string session) => Directory.GetFiles(Path.GetDirectoryName(session)!, "*.part");
}
