using System.Globalization;
using System.Text;
using Diarist.Asr;
using Diarist.Audio;
using Diarist.Tests.Support;
using Diarist.Transcripts;

namespace Diarist.Tests.Asr;

public class SpeechSpanTranscriberTests
{
    private static readonly string Sample = Shared.InRepository("samples/conversation.flac");
    private static readonly SpeechSpanTranscriberOptions Bare = new() { Margin = 0, MaximumGap = 0 };

    [Fact]
    public async Task Times_come_back_as_times_of_the_recording()
    {
        var recognizer = new Scripted(_ => Json((0.25, 0.75, "one"), (0.8, 1.123, "two")));
        Transcript transcript = await TranscribeAsync(recognizer, [new(1, 3), new(10.5, 12.007)], Bare);
        Assert.Equal(["one", "two", "one", "two"], transcript.Words.Select(word => word.Text));
        Assert.Equal([new(1.25, 1.75), new(1.8, 2.123), new(10.75, 11.25), new(11.3, 11.623)], transcript.Words.Select(word => word.Range!.Value));
        Assert.Equal([new(1.25, 2.123), new(10.75, 11.623)], transcript.Segments.Select(segment => segment.Range!.Value));
        Assert.Equal([0.5, 0.5, 0.5, 0.5], transcript.Words.Select(word => word.Confidence!.Value));
    }

    [Fact]
    public async Task The_recognizer_gets_the_recording_s_own_samples_with_a_margin()
    {
        var recognizer = new Scripted(_ => Json((0, 1, "word")));
        await TranscribeAsync(recognizer, [new(2, 3), new(20, 21.5)], new SpeechSpanTranscriberOptions { Margin = 0.25 });
        float[] recording = AudioReader.ReadMono(Sample);
        Assert.Equal(
            [recording[(int)(1.75 * 16000)..(int)(3.25 * 16000)], recording[(int)(19.75 * 16000)..(int)(21.75 * 16000)]],
            recognizer.Heard);
    }

    [Fact]
    public async Task The_last_piece_ends_with_the_recording()
    {
        int samples = AudioReader.ReadMono(Sample).Length;
        double end = samples / 16000.0;
        var recognizer = new Scripted(_ => Json((0, 0.5, "word")));
        await TranscribeAsync(recognizer, [new(end - 1, end)], new SpeechSpanTranscriberOptions());
        Assert.InRange(recognizer.Heard.Single().Length, (1.2 * 16000) - 16, (1.2 * 16000) + 16);
    }

    [Fact]
    public async Task Words_keep_their_order_across_pieces()
    {
        int piece = 0;
        var recognizer = new Scripted(_ => Json([.. Enumerable.Range(0, 20).Select(i => (i / 20.0, (i + 1) / 20.0, $"{piece}.{i}"))]), () => piece++);
        TimeRange[] spans = [.. Enumerable.Range(0, 30).Select(i => new TimeRange(3 * i, (3 * i) + 1))];
        Transcript transcript = await TranscribeAsync(recognizer, spans, Bare);
        Word[] words = [.. transcript.Words];
        Assert.Equal(600, words.Length);
        Assert.All(words.Zip(words.Skip(1)), pair => Assert.True(pair.First.Range!.Value.Start < pair.Second.Range!.Value.Start));
        Assert.Equal(30, recognizer.Heard.Count);
    }

    [Theory]
    [InlineData(0.5, 28, "0-2 2.4-5 20-26 26.3-30", "0-5 20-30")]
    [InlineData(0.35, 28, "0-2 2.4-5 20-26 26.3-30", "0-2 2.4-5 20-30")]
    [InlineData(0.5, 8, "0-2 2.4-5 20-26 26.3-30", "0-5 20-26 26.3-30")]
    [InlineData(0.5, 3, "0-40 41-42", "0-40 41-42")]
    [InlineData(9, 28, "", "")]
    public void Spans_share_a_piece_while_it_stays_short_and_the_silence_is(double gap, double length, string spans, string pieces)
    {
        var options = new SpeechSpanTranscriberOptions { MaximumGap = gap, MaximumLength = length, Margin = 0 };
        Assert.Equal(Ranges(pieces), SpeechPieces.From(Ranges(spans), options).Select(piece => piece.Speech));
    }

    [Fact]
    public void Margins_never_overlap_and_begin_on_whole_milliseconds()
    {
        var random = new Random(1);
        for (int run = 0; run < 200; run++)
        {
            var spans = new List<TimeRange>();
            for (double at = random.NextDouble(); spans.Count < 20; at += 0.01 + (2 * random.NextDouble()))
            {
                spans.Add(new TimeRange(at, at += 0.05 + random.NextDouble()));
            }

            var options = new SpeechSpanTranscriberOptions { MaximumGap = random.NextDouble(), MaximumLength = 5 * random.NextDouble(), Margin = random.NextDouble() };
            IReadOnlyList<SpeechPiece> pieces = SpeechPieces.From(spans, options);
            Assert.All(pieces, piece => Assert.Equal((0, 0), (piece.From % 16, piece.To % 16)));
            Assert.All(pieces, piece => Assert.True(piece.From >= 0 && piece.From <= (16000 * piece.Speech.Start) + 8 && piece.To >= (16000 * piece.Speech.End) - 8));
            Assert.All(pieces.Zip(pieces.Skip(1)), pair => Assert.True(pair.First.To <= pair.Second.From));
            Assert.All(spans, span => Assert.Contains(pieces, piece => piece.Speech.Start <= span.Start && piece.Speech.End >= span.End));
        }
    }

    [Fact]
    public async Task A_failure_names_the_recording_and_the_span()
    {
        var failing = new Scripted(piece => piece == 1 ? throw new TranscriberException("the program failed") : Json((0, 1, "a")));
        var error = await Assert.ThrowsAsync<TranscriberException>(() => TranscribeAsync(failing, [new(1, 2), new(10.5, 12)], Bare));
        Assert.Equal($"{Sample}, speech from 10.500 to 12.000 s: the program failed", error.Message);

        var talking = new Scripted(piece => piece == 1 ? "{\"text\":" : Json((0, 1, "a")));
        error = await Assert.ThrowsAsync<TranscriberException>(() => TranscribeAsync(talking, [new(1, 2), new(10.5, 12)], Bare));
        Assert.StartsWith($"{Sample}, speech from 10.500 to 12.000 s: scripted: line 1: byte", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_speech_the_transcript_is_empty_and_nobody_is_asked()
    {
        var recognizer = new Scripted(_ => throw new InvalidOperationException());
        RecognizerOutput output = await new SpeechSpanTranscriber(recognizer, (_, _) => []).TranscribeAsync(Sample);
        Assert.Contains("\"diarist-transcript/1\"", Encoding.UTF8.GetString(output.Bytes), StringComparison.Ordinal);
        Assert.Empty(output.Read().Transcript.Segments);
    }

    [Fact]
    public async Task A_piece_of_which_the_recognizer_says_nothing_is_silent_and_a_text_without_times_takes_its_speech()
    {
        var recognizer = new Scripted(piece => piece switch { 0 => "\n", 1 => "{\"text\":\" Hello there. \"}", _ => "{\"text\":\"\"}" });
        Transcript transcript = await TranscribeAsync(recognizer, [new(1, 2), new(5, 7), new(9, 10)], new SpeechSpanTranscriberOptions());
        TranscriptSegment only = Assert.Single(transcript.Segments);
        Assert.Equal(("Hello there.", new TimeRange(5, 7)), (only.Text, only.Range!.Value));
    }

    [Fact]
    public async Task Speakers_that_hold_only_within_a_piece_are_left_out()
    {
        var recognizer = new Scripted(_ => """[{"word":"a","start":0.5,"end":1,"speaker":"X"}]""");
        Assert.False((await TranscribeAsync(recognizer, [new(1, 3), new(5, 7)], Bare)).HasSpeakers);
    }

    [Fact]
    public async Task Cancelling_stops_between_and_within_pieces()
    {
        using var cancel = new CancellationTokenSource();
        var recognizer = new Scripted(_ => Json((0, 1, "a")), cancel.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new SpeechSpanTranscriber(recognizer, (_, _) => [new(1, 2), new(5, 6), new(9, 10)], Bare).TranscribeAsync(Sample, cancel.Token));
        Assert.Single(recognizer.Heard);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new SpeechSpanTranscriber(recognizer, (_, token) => throw new OperationCanceledException(token)).TranscribeAsync(Sample));
    }

    [Fact]
    public void Lengths_that_make_no_sense_are_refused() =>
        Assert.Throws<ArgumentException>(() => new SpeechSpanTranscriber(new Scripted(_ => ""), (_, _) => [], new SpeechSpanTranscriberOptions { Margin = double.NaN }));

    private static async Task<Transcript> TranscribeAsync(ITranscriber recognizer, TimeRange[] spans, SpeechSpanTranscriberOptions options) =>
        (await new SpeechSpanTranscriber(recognizer, (_, _) => spans, options).TranscribeAsync(Sample)).Read().Transcript;

    private static string Json(params (double Start, double End, string Text)[] words)
    {
        string Number(double number) => number.ToString(CultureInfo.InvariantCulture);
        string[] items = [.. words.Select(word => $$"""{"word":" {{word.Text}}","start":{{Number(word.Start)}},"end":{{Number(word.End)}},"probability":0.5}""")];
        return $$"""{"segments":[{"start":{{Number(words[0].Start)}},"end":{{Number(words[^1].End)}},"text":"{{string.Join(' ', words.Select(word => word.Text))}}","words":[{{string.Join(',', items)}}]}]}""";
    }

    private static TimeRange[] Ranges(string text) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(range => range.Split('-')).Select(ends => new TimeRange(
            double.Parse(ends[0], CultureInfo.InvariantCulture), double.Parse(ends[1], CultureInfo.InvariantCulture))),
    ];

    /// <summary>A recognizer that says what the test wants and remembers what it heard.</summary>
    private sealed class Scripted(Func<int, string> say, Action? afterwards = null) : ITranscriber
    {
        public List<float[]> Heard { get; } = [];

        public Task<RecognizerOutput> TranscribeAsync(string audioPath, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Heard.Add(AudioReader.ReadMono(audioPath));
            var output = new RecognizerOutput("scripted", Encoding.UTF8.GetBytes(say(Heard.Count - 1)));
            afterwards?.Invoke();
            return Task.FromResult(output);
        }
    }
}
