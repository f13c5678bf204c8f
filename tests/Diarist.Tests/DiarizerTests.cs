using System.Runtime.CompilerServices;
using Diarist.Audio;
using Diarist.Embedding;
using Diarist.Packs;
using Diarist.Segmentation;
using Diarist.Tests.Support;

namespace Diarist.Tests;

public class DiarizerTests
{
    [Fact]
    public void Embeddings_are_gone_when_the_result_is_here()
    {
        (Diarization result, WeakReference embeddings) = Diarize(new DiarizerOptions { Recipe = Recipe.Ahc });
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(embeddings.IsAlive);
        Assert.Null(result.SpeakerEmbeddings);
        Assert.Equal(2, result.Speakers.Count);
        GC.KeepAlive(result);
    }

    [Fact]
    public void Embeddings_are_kept_when_asked_for()
    {
        (Diarization result, _) = Diarize(new DiarizerOptions { Recipe = Recipe.Ahc, KeepEmbeddings = true });
        Assert.Equal(["SPEAKER_00", "SPEAKER_01"], result.SpeakerEmbeddings!.Keys.Order(StringComparer.Ordinal));
        Assert.All(result.SpeakerEmbeddings.Values, vector => Assert.Equal(1, vector.Sum(value => (double)value * value), 1e-5));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public void Pieces_over_detected_speech_have_no_overlap_and_meet_a_number(int speakers)
    {
        Diarization result = Load(new DiarizerOptions { Recipe = Recipe.VadAhc, Speakers = speakers }).Diarize(AudioReader.ReadMono(Shared.InRepository("samples/conversation.flac")));
        Assert.Equal(speakers, result.Speakers.Count);
        Assert.Equal(result.ExclusiveTurns, result.Turns);
        Assert.All(result.Turns, turn => Assert.Null(turn.Confidence));
        Assert.All(result.Turns.Zip(result.Turns.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start + 1e-9));
        Assert.InRange(result.Turns.Sum(turn => turn.Duration), 70, 95);
    }

    [Fact]
    public void Speakers_with_a_large_share_of_the_speech_are_no_ghosts()
    {
        Diarization result = Load(new DiarizerOptions()).Diarize(AudioReader.ReadMono(Shared.InRepository("samples/conversation.flac")));
        Assert.Equal(4, result.Speakers.Count);
        Assert.All(result.Speakers, speaker => Assert.False(speaker.IsGhost));
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DiarizerOptions { MinimumSpeakers = 3, MaximumSpeakers = 2 }.Validate());
        Assert.Throws<ArgumentException>(() => new DiarizerOptions { Speakers = 5, MaximumSpeakers = 2 }.Validate());
        Assert.Throws<ArgumentException>(() => new DiarizerOptions { Speakers = 0 }.Validate());
        Assert.Throws<ArgumentException>(() => new DiarizerOptions { Step = double.NaN }.Validate());
        Assert.Throws<ArgumentException>(() => new DiarizerOptions { Speed = Speed.Fast, Step = 2 }.Validate());
        Assert.Throws<ArgumentException>(() => new DiarizerOptions { Speed = Speed.Fast, Recipe = Recipe.Community1 }.Validate());
        Assert.Throws<ArgumentException>(() => new DiarizerOptions { Recipe = Recipe.Nemotron3, Step = 1 }.Validate());
        Assert.Throws<ArgumentException>(() => new DiarizerOptions { Recipe = Recipe.Nemotron3, KeepEmbeddings = true }.Validate());
        Assert.Throws<ArgumentException>(() => new DiarizerOptions { Recipe = Recipe.VoiceActivity, Threshold = 1 }.Validate());
    }

    [Fact]
    public void A_cancelled_diarization_stops_within_200_ms()
    {
        Diarizer diarizer = Load(new DiarizerOptions { Threads = 2 });
        float[] hour = new float[3600 * SlidingWindow.SampleRate];
        var random = new Random(1);
        for (int i = 0; i < hour.Length; i++)
        {
            hour[i] = (float)(random.NextDouble() - 0.5) * 0.1f;
        }

        using var source = new CancellationTokenSource();
        var started = new ManualResetEventSlim();
        var work = Task.Run(() => diarizer.Diarize(hour, new Observer(started.Set), source.Token));
        started.Wait();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => work.GetAwaiter().GetResult());
        TestContext.Current.TestOutputHelper?.WriteLine($"stopped after {clock.ElapsedMilliseconds} ms");
        Assert.InRange(clock.ElapsedMilliseconds, 0, 2_000); // 200 ms on a quiet machine; tests may share theirs
    }

    [Fact]
    public void Silence_and_the_shortest_recordings_have_no_turns()
    {
        Diarizer diarizer = Load(new DiarizerOptions());
        foreach (int samples in (int[])[1, 400, 16_000, 200_000])
        {
            Diarization result = diarizer.Diarize(new float[samples]);
            Assert.Empty(result.Turns);
            Assert.Empty(result.Speakers);
            Assert.Equal(0, result.Count.Found);
        }
    }

    private static Diarizer Load(DiarizerOptions options) => Diarizer.Create(InsideNetworks.Store, options);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (Diarization Result, WeakReference Embeddings) Diarize(DiarizerOptions options)
    {
        // Two speakers taking turns of 20 windows, their vectors at right angles.
        var activity = new Activity(40);
        var embeddings = new Embeddings(40, 8);
        for (int window = 0; window < activity.Windows; window++)
        {
            activity.Window(window).Fill(1);
            Span<float> vector = embeddings[window, 0];
            vector.Clear();
            vector[window / 20] = 1;
        }

        return (Diarizer.Cluster(activity, embeddings, options), new WeakReference(embeddings));
    }

    private sealed class Observer(Action started) : IProgress<DiarizationProgress>
    {
        public void Report(DiarizationProgress value) => started();
    }
}
