using Diarist.Asr;
using Diarist.Asr.Whisper;
using Diarist.Audio;
using Diarist.Tests.Support;
using Diarist.Transcripts;
using Diarist.VoiceActivity;

namespace Diarist.Tests.Asr;

/// <summary>Whisper's native library with a tiny model of generated weights, which says the same whatever it hears. Accuracy is no subject here.</summary>
public sealed class WhisperTranscriberTests : IClassFixture<WhisperTranscriberTests.Loaded>
{
    private const double Eps = 1e-9;
    private readonly Loaded _loaded;

    public WhisperTranscriberTests(Loaded loaded)
    {
        Assert.SkipUnless(WhisperRuntime.IsBesideProgram, "Whisper.net's package has no native library for this machine");
        _loaded = loaded;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Sample => Shared.InRepository("samples/conversation.flac");

    [Fact]
    public async Task Words_have_times_in_order_within_the_recording_and_progress_reaches_the_end()
    {
        var reports = new Reports();
        RecognizerOutput output = await (await _loaded.Transcriber()).TranscribeAsync(Sample, reports, Cancellation);
        Transcript transcript = output.Read().Transcript;
        double duration = AudioReader.ReadMono(Sample).Length / 16_000.0;

        Assert.Equal(WhisperModelWriter.Language, transcript.Language);
        Assert.True(transcript.Segments.Count >= 6);
        Assert.All(transcript.Segments, segment => Assert.Contains(segment.Text, WhisperModelWriter.Script));
        Word[] words = [.. transcript.Words];
        Assert.Equal(2 * transcript.Segments.Count, words.Length);
        Assert.All(words, word => Assert.InRange(word.Range!.Value.Duration, 0.001, duration));
        Assert.All(words, word => Assert.InRange(word.Confidence!.Value, 0.9, 1));
        Assert.All(words.Zip(words.Skip(1)), pair => Assert.True(pair.First.Range!.Value.End <= pair.Second.Range!.Value.Start + Eps));
        Assert.InRange(words[0].Range!.Value.Start, 0, duration);
        Assert.InRange(words[^1].Range!.Value.End, 0, duration);

        // The pieces of speech are at most 28 s long, so the script is said at least every 29 s of speech.
        Assert.All(transcript.Segments.Zip(transcript.Segments.Skip(1)), pair => Assert.InRange(pair.Second.Range!.Value.Start - pair.First.Range!.Value.End, 0, 40));
        Assert.Equal(reports.Fractions.Order(), reports.Fractions);
        Assert.Equal(1, reports.Fractions[^1]);
        Assert.True(reports.Fractions.Count > transcript.Segments.Count);
    }

    [Fact]
    public async Task One_load_serves_many_recordings_also_at_once_and_with_any_number_of_threads()
    {
        WhisperTranscriber whisper = await _loaded.Transcriber();
        using var folder = new TemporaryFolder();
        string silence = folder.PathOf("silence.wav");
        WriteWav(silence, new float[32_000]);
        string speech = folder.PathOf("speech.wav");
        WriteWav(speech, AudioReader.ReadMono(Sample)[..(12 * 16_000)]);

        RecognizerOutput[] outputs = await Task.WhenAll(whisper.TranscribeAsync(speech, Cancellation), whisper.TranscribeAsync(silence, Cancellation));
        Assert.NotEmpty(outputs[0].Read().Transcript.Segments);
        Assert.Empty(outputs[1].Read().Transcript.Segments);

        whisper.Threads = 1;
        RecognizerOutput again = await whisper.TranscribeAsync(speech, Cancellation);
        whisper.Threads = 0;
        Assert.Equal(outputs[0].Bytes, again.Bytes);
    }

    [Fact]
    public async Task A_cancelled_recording_ends_in_the_middle_and_the_next_one_is_transcribed()
    {
        WhisperTranscriber whisper = await _loaded.Transcriber();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var reports = new Reports { OnReport = stop.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => whisper.TranscribeAsync(Sample, reports, stop.Token));
        Assert.InRange(reports.Fractions[^1], 0, 0.99);

        using var folder = new TemporaryFolder();
        string speech = folder.PathOf("speech.wav");
        WriteWav(speech, AudioReader.ReadMono(Sample)[..(6 * 16_000)]);
        Assert.NotEmpty((await whisper.TranscribeAsync(speech, Cancellation)).Read().Transcript.Segments);
    }

    [Fact]
    public async Task Language_and_prompt_reach_the_model()
    {
        using var folder = new TemporaryFolder();
        string speech = folder.PathOf("speech.wav");
        WriteWav(speech, AudioReader.ReadMono(Sample)[..(6 * 16_000)]);
        SpeechDetector detector = SpeechDetector.Create(InsideNetworks.Store);
        var options = new WhisperTranscriberOptions(_loaded.Model) { Language = "fr", TemperatureIncrement = 0 };
        using (WhisperTranscriber french = await WhisperTranscriber.LoadAsync(options, detector, Cancellation))
        {
            Transcript transcript = (await french.TranscribeAsync(speech, Cancellation)).Read().Transcript;
            Assert.Equal("fr", transcript.Language);
            Assert.Contains(transcript.Segments, segment => segment.Text == WhisperModelWriter.Script[0]);
        }

        // The model says its script by position, and a prompt moves all positions.
        using WhisperTranscriber prompted = await WhisperTranscriber.LoadAsync(options with { Prompt = " Wer hat gesagt" }, detector, Cancellation);
        Assert.DoesNotContain((await prompted.TranscribeAsync(speech, Cancellation)).Read().Transcript.Segments, segment => segment.Text == WhisperModelWriter.Script[0]);

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => WhisperTranscriber.LoadAsync(options with { Language = "xx" }, detector, Cancellation));
        Assert.Contains("'xx'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_heads_of_OpenAI_s_models_are_known_by_their_dimensions() => Assert.True((await _loaded.Transcriber()).AlignsWords);

    [Fact]
    public async Task A_model_that_the_native_library_refuses_is_told_with_the_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("renamed.bin");
        byte[] bytes = File.ReadAllBytes(_loaded.Model);
        bytes.AsSpan(bytes.AsSpan().IndexOf("encoder.conv1.bias"u8), 7).Fill((byte)'x');
        File.WriteAllBytes(path, bytes);
        TranscriberException error = await Assert.ThrowsAsync<TranscriberException>(
            () => WhisperTranscriber.LoadAsync(new WhisperTranscriberOptions(path), SpeechDetector.Create(InsideNetworks.Store), Cancellation));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("download it again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_piece_is_cut_at_its_quietest_place_and_nothing_is_lost()
    {
        var random = new Random(3);
        float[] samples = new float[330 * 16_000];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = i / 1600 == 2905 ? 0 : random.NextSingle() - 0.5f;
        }

        using var folder = new TemporaryFolder();
        string path = folder.PathOf("long.wav");
        WriteWav(path, samples);
        using var recording = new PieceSamples(path);
        WhisperPiece[] pieces = [.. WhisperPieces.Read(recording, new SpeechPiece(16_000, samples.Length, new TimeRange(1, 330)), Cancellation)];
        Assert.Equal([16_000, (2905 * 1600) + 800], pieces.Select(piece => piece.From));
        Assert.Equal(samples.Length - 16_000, pieces.Sum(piece => piece.Samples.Length));
        Assert.Equal(330, pieces[^1].Range.End, 6);
    }

    private static void WriteWav(string path, float[] samples)
    {
        using AudioWriter wav = AudioWriter.Create(path, 16_000);
        wav.Write(samples);
        wav.Complete();
    }

    /// <summary>The model, written once; loaded once.</summary>
    public sealed class Loaded : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly Lazy<Task<WhisperTranscriber>> _transcriber;

        public Loaded()
        {
            Model = _folder.PathOf("ggml-generated.bin");
            WhisperModelWriter.Write(Model);
            _transcriber = new(() => WhisperTranscriber.LoadAsync(new WhisperTranscriberOptions(Model), SpeechDetector.Create(InsideNetworks.Store)));
        }

        public string Model { get; }

        public Task<WhisperTranscriber> Transcriber() => _transcriber.Value;

        public void Dispose()
        {
            if (_transcriber.IsValueCreated && _transcriber.Value.IsCompletedSuccessfully)
            {
                _transcriber.Value.Result.Dispose();
            }

            _folder.Dispose();
        }
    }

    private sealed class Reports : IProgress<TranscriptionProgress>
    {
        public List<double> Fractions { get; } = [];

        public Action OnReport { get; init; } = () => { };

        public void Report(TranscriptionProgress value)
        {
            lock (Fractions)
            {
                Fractions.Add(value.Fraction);
            }

            OnReport();
        }
    }
}
