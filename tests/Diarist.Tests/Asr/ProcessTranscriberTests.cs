using System.Diagnostics;
using Diarist.Asr;
using Diarist.Attribution;
using Diarist.Audio;
using Diarist.Tests.Support;
using Diarist.Transcripts;

namespace Diarist.Tests.Asr;

public class ProcessTranscriberTests
{
    private static readonly string Sample = Shared.InRepository("samples/conversation.flac");

    [Fact]
    public async Task What_the_program_prints_comes_back_to_the_byte()
    {
        RecognizerOutput output = await Shell("printf '[0.50s - 1.00s] hello\\r\\n'").TranscribeAsync(Sample);
        Assert.Equal("[0.50s - 1.00s] hello\r\n", System.Text.Encoding.UTF8.GetString(output.Bytes));
        Assert.Equal("hello", output.Read().Transcript.Text);
    }

    [Fact]
    public async Task The_program_gets_the_recording_as_it_is_or_as_16_kHz_WAV()
    {
        RecognizerOutput output = await Shell("printf '%s\\n' \"$1\"; head -c 4 \"$2\"", "{audio}", "{wav}").TranscribeAsync(Sample);
        Assert.Equal($"{Sample}\nRIFF", System.Text.Encoding.UTF8.GetString(output.Bytes));
    }

    [Fact]
    public async Task A_program_may_write_its_transcript_to_a_file()
    {
        SkipUnlessShell();
        var recognizer = new ProcessTranscriber(new ProcessTranscriberOptions("sh", ["-c", "echo noise; printf '{\"text\":\"a\"}' > \"$1.json\"", "sh", "{output}"]) { OutputExtension = ".json" });
        Assert.Equal("{\"text\":\"a\"}", System.Text.Encoding.UTF8.GetString((await recognizer.TranscribeAsync(Sample)).Bytes));
        var silent = new ProcessTranscriber(new ProcessTranscriberOptions("sh", ["-c", "true"]) { OutputExtension = ".json" });
        Assert.Contains("did not write transcript.json", (await Assert.ThrowsAsync<TranscriberException>(() => silent.TranscribeAsync(Sample))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failing_missing_and_slow_programs_are_said()
    {
        var failed = await Assert.ThrowsAsync<TranscriberException>(() => Shell("echo first >&2; echo no model here >&2; exit 3").TranscribeAsync(Sample));
        Assert.Equal("sh failed with exit code 3: no model here", failed.Message);
        var missing = await Assert.ThrowsAsync<TranscriberException>(() => new ProcessTranscriber(new ProcessTranscriberOptions("no-such-recognizer", [])).TranscribeAsync(Sample));
        Assert.Contains("no-such-recognizer could not be started", missing.Message, StringComparison.Ordinal);
        long before = Environment.TickCount64;
        var slow = new ProcessTranscriber(new ProcessTranscriberOptions("sh", ["-c", "sleep 60"]) { Timeout = TimeSpan.FromSeconds(0.5) });
        Assert.Contains("still ran after 0.5 s", (await Assert.ThrowsAsync<TranscriberException>(() => slow.TranscribeAsync(Sample))).Message, StringComparison.Ordinal);
        Assert.True(Environment.TickCount64 - before < 30_000);
    }

    [Fact]
    public async Task A_program_that_prints_without_end_is_stopped_at_a_bound()
    {
        SkipUnlessShell();
        var endless = new ProcessTranscriber(new ProcessTranscriberOptions("yes", []) { MaximumOutputBytes = 1 << 20 });
        Assert.Contains("more than 1 MiB", (await Assert.ThrowsAsync<TranscriberException>(() => endless.TranscribeAsync(Sample))).Message, StringComparison.Ordinal);
        var complaining = new ProcessTranscriber(new ProcessTranscriberOptions("sh", ["-c", "head -c 50000000 /dev/zero | tr '\\0' x >&2; echo hello"]));
        Assert.Equal("hello\n", System.Text.Encoding.UTF8.GetString((await complaining.TranscribeAsync(Sample)).Bytes));
    }

    [Fact]
    public async Task What_a_program_leaves_running_is_ended_and_its_output_is_kept()
    {
        SkipUnlessShell();
        RecognizerOutput output = await Shell("sleep 300 & echo hello").TranscribeAsync(Sample).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("hello\n", System.Text.Encoding.UTF8.GetString(output.Bytes));
    }

    [Fact]
    public async Task Cancelling_stops_the_program()
    {
        SkipUnlessShell();
        using var cancel = new CancellationTokenSource(500);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Shell("sleep 60").TranscribeAsync(Sample, cancel.Token));
    }

    [Fact]
    public async Task PocketSphinx_gives_words_whose_times_find_their_speakers()
    {
        Assert.SkipUnless(IsInstalled("pocketsphinx_continuous"), "needs pocketsphinx_continuous");
        string excerpt = Path.Combine(Path.GetTempPath(), $"diarist-{Guid.NewGuid():N}.wav");
        try
        {
            float[] samples = AudioReader.ReadMono(Sample);
            using (AudioWriter wav = AudioWriter.Create(excerpt, MonoStream.SampleRate))
            {
                wav.Write(samples.AsSpan(0, 13 * MonoStream.SampleRate));
                wav.Complete();
            }

            Transcript transcript = (await new ProcessTranscriber(ProcessTranscriberOptions.PocketSphinx).TranscribeAsync(excerpt)).Read().Transcript;
            Assert.Equal("pocketsphinx", transcript.Dialect);
            Assert.True(transcript.Words.Count() > 20);

            // samples/conversation.rttm: anna until 6.582 s, ben from 7.082 s.
            AttributedTranscript attributed = SpeakerAttribution.Assign(transcript, [new(0.4, 6.582, "anna"), new(7.082, 14.143, "ben")]);
            string Said(string speaker) => string.Join(' ', attributed.Segments.SelectMany(s => s.Words).Where(w => w.Choice.Speaker == speaker).Select(w => w.Word.Text));
            TestContext.Current.TestOutputHelper?.WriteLine($"anna: {Said("anna")}\nben: {Said("ben")}");
            Assert.Contains("summer party", Said("anna"), StringComparison.Ordinal);
            Assert.Contains("looked at three places", Said("ben"), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(excerpt);
        }
    }

    [Theory]
    [InlineData("a b  c", "a|b|c")]
    [InlineData("'a b' \"c 'd'\" e''f ''", "a b|c 'd'|ef|")]
    [InlineData("  ", "")]
    public void Commands_are_cut_at_white_space_and_quotes_hold_together(string command, string words) =>
        Assert.Equal(words, string.Join('|', CommandLineText.Split(command)));

    [Fact]
    public void An_open_quote_is_refused() => Assert.Throws<FormatException>(() => CommandLineText.Split("a 'b"));

    private static ProcessTranscriber Shell(string script, params string[] arguments)
    {
        SkipUnlessShell();
        return new ProcessTranscriber(new ProcessTranscriberOptions("sh", ["-c", script, "sh", .. arguments]));
    }

    private static void SkipUnlessShell() => Assert.SkipUnless(!OperatingSystem.IsWindows(), "needs sh");

    private static bool IsInstalled(string program)
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true });
            process?.Kill();
            return process is not null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
