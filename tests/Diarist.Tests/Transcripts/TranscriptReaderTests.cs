using System.Text.Json.Nodes;
using Diarist.Attribution;
using Diarist.Transcripts;
using Diarist.Transcripts.Writing;

namespace Diarist.Tests.Transcripts;

public class TranscriptReaderTests
{
    private static readonly (string Text, double Start, double End)[] Spoken =
    [
        ("good", 0.5, 0.8), ("morning", 0.8, 1.3), ("everyone", 1.3, 2.0),
        ("hello", 2.3, 2.7), ("how", 3.0, 3.2), ("are", 3.2, 3.4), ("you", 3.4, 4.0),
    ];

    [Theory]
    [InlineData("openai-verbose.json", "openai-verbose", 2)]
    [InlineData("openai-whisper.json", "whisper", 2)]
    [InlineData("faster-whisper.json", "whisper", 2)]
    [InlineData("whispercpp-full.json", "whisper.cpp", 2)]
    [InlineData("nemo.jsonl", "nemo", 1)]
    [InlineData("nemo-hypothesis.json", "nemo", 1)]
    [InlineData("vosk.json", "vosk", 2)]
    [InlineData("vosk-alternatives.json", "vosk", 1)]
    [InlineData("sherpa-onnx.json", "sherpa-onnx", 1)]
    [InlineData("wav2vec2-words.json", "ctc-offsets", 1)]
    [InlineData("qwen3-asr.json", "qwen3-asr", 1)]
    [InlineData("deepgram.json", "deepgram", 1)]
    [InlineData("huggingface-words.json", "huggingface", 1)]
    [InlineData("words.json", "timings", 1)]
    [InlineData("meeting.ctm", "ctm", 1)]
    [InlineData("na.ctm", "ctm", 1)]
    [InlineData("pocketsphinx.txt", "pocketsphinx", 2)]
    public void Dialects_with_word_times_give_the_same_words(string file, string dialect, int segments)
    {
        Transcript transcript = TranscriptFixtures.Read(file).Transcript;
        Assert.Equal(dialect, transcript.Dialect);
        Assert.Equal(segments, transcript.Segments.Count);
        Word[] words = [.. transcript.Words];
        Assert.Equal(Spoken.Select(word => word.Text), words.Select(word => Plain(word.Text)));
        foreach (var (word, expected) in words.Zip(Spoken))
        {
            Assert.Equal(expected.Start, word.Range!.Value.Start, 0.021);
            Assert.Equal(expected.End, word.Range!.Value.End, 0.021);
        }

        Assert.False(transcript.HasSpeakers);
    }

    [Theory]
    [InlineData("assemblyai.json", "assemblyai", "A", "B")]
    [InlineData("azure-batch.json", "azure-batch", "1", "2")]
    [InlineData("azure-fast.json", "azure-fast", "1", "2")]
    [InlineData("google-v1.json", "google", "1", "2")]
    [InlineData("google-v2.json", "google", "1", "2")]
    [InlineData("speechmatics.json", "speechmatics", "S1", "S2")]
    [InlineData("revai.json", "rev.ai", "0", "1")]
    [InlineData("elevenlabs.json", "elevenlabs", "speaker_0", "speaker_1")]
    [InlineData("gladia.json", "gladia", "0", "1")]
    [InlineData("funasr.json", "funasr", "0", "1")]
    public void Services_give_the_same_words_and_their_own_speakers(string file, string dialect, string first, string second)
    {
        TranscriptDocument document = TranscriptFixtures.Read(file);
        Transcript transcript = document.Transcript;
        Assert.Empty(document.Warnings);
        Assert.Equal(dialect, transcript.Dialect);
        (Word Word, string? Speaker)[] words = [.. transcript.Segments.SelectMany(segment => segment.Words.Select(word => (word, word.Speaker ?? segment.Speaker))).Where(pair => pair.word.Range is { IsEmpty: false })];
        Assert.Equal(Spoken.Select(word => word.Text), words.Select(word => Plain(word.Word.Text)));
        Assert.Equal(Spoken.Select(word => word.Start < 2.2 ? first : second), words.Select(word => word.Speaker));
        Assert.All(words.Zip(Spoken), pair => Assert.Equal((pair.Second.Start, pair.Second.End), (Math.Round(pair.First.Word.Range!.Value.Start, 3), Math.Round(pair.First.Word.Range!.Value.End, 3))));
        Assert.Equal("Good morning everyone. Hello. How are you?", string.Join(' ', transcript.Segments.Select(segment => segment.Text)));
    }

    [Theory]
    [InlineData("sherpa-onnx-ctc.json")]
    [InlineData("wav2vec2-characters.json")]
    [InlineData("ctc-tokens.json")]
    public void Dialects_whose_units_have_only_starts_give_the_same_words_in_their_places(string file)
    {
        Word[] words = [.. TranscriptFixtures.Read(file).Transcript.Words];
        Assert.Equal(Spoken.Select(word => word.Text), words.Select(word => Plain(word.Text)));
        Assert.All(words.Zip(Spoken), pair => Assert.Equal(pair.Second.Start, pair.First.Range!.Value.Start, 0.021));
    }

    [Theory]
    [InlineData("whispercpp.json", "whisper.cpp")]
    [InlineData("openai-diarized.json", "openai-diarized")]
    [InlineData("huggingface-segments.json", "huggingface")]
    [InlineData("moonshine.json", "moonshine")]
    [InlineData("moonshine.txt", "timed-lines")]
    [InlineData("whispercpp.txt", "timed-lines")]
    [InlineData("sherpa-onnx-vad.txt", "timed-lines")]
    [InlineData("seglst.json", "seglst")]
    [InlineData("plain.srt", "srt")]
    [InlineData("whisperx-speakers.srt", "srt")]
    [InlineData("plain.vtt", "webvtt")]
    [InlineData("labels.txt", "audacity")]
    [InlineData("meeting.stm", "stm")]
    [InlineData("cohere.txt", "speaker-tokens")]
    [InlineData("moss.txt", "moss")]
    [InlineData("moss-openai.json", "moss")]
    [InlineData("whisperx.json", "whisperx")]
    [InlineData("openai-verbose.json", "openai-verbose")]
    [InlineData("whispernet.json", "whisper.net")]
    [InlineData("whisper.tsv", "tsv")]
    [InlineData("diarist.csv", "csv")]
    [InlineData("openai-events.jsonl", "openai-events")]
    [InlineData("voxtral.json", "voxtral")]
    [InlineData("insanely-fast-whisper.json", "huggingface")]
    [InlineData("teams.vtt", "webvtt")]
    [InlineData("webex.vtt", "webvtt")]
    public void Dialects_with_segments_give_the_same_segments(string file, string dialect)
    {
        Transcript transcript = TranscriptFixtures.Read(file).Transcript;
        Assert.Equal(dialect, transcript.Dialect);
        Assert.Equal(["Good morning everyone.", "Hello. How are you?"], transcript.Segments.Select(segment => segment.Text));
        Assert.Equal([new(0.5, 2.0), new(2.3, 4.0)], transcript.Segments.Select(segment => segment.Range!.Value));
    }

    [Theory]
    [InlineData("openai-diarized.json", "A", "B")]
    [InlineData("whisperx-speakers.srt", "SPEAKER_00", "SPEAKER_01")]
    [InlineData("cohere.txt", "SPEAKER_00", "SPEAKER_01")]
    [InlineData("moss.txt", "S01", "S02")]
    [InlineData("moss-openai.json", "S01", "S02")]
    [InlineData("meeting.stm", "ann", "bob")]
    [InlineData("diarist.csv", "Ann", "Bob")]
    [InlineData("openai-events.jsonl", "A", "B")]
    [InlineData("voxtral.json", "speaker_1", "speaker_2")]
    [InlineData("insanely-fast-whisper.json", "SPEAKER_00", "SPEAKER_01")]
    [InlineData("teams.vtt", "Ann Lee", "Bob")]
    public void Speakers_that_the_transcript_carries_are_turns_of_their_own(string file, string first, string second)
    {
        TranscriptDocument document = TranscriptFixtures.Read(file);
        Assert.True(document.HasSpeakers);
        Assert.Equal([new(0.5, 2.0, first), new(2.3, 4.0, second)], document.Transcript.Turns);
    }

    [Fact]
    public void Speaker_tokens_without_times_still_name_their_segments()
    {
        Transcript transcript = TranscriptFixtures.Read("nemo-speakers.txt").Transcript;
        Assert.Equal([("good morning everyone", "SPEAKER_00"), ("hello how are you", "SPEAKER_01")], transcript.Segments.Select(s => (s.Text, s.Speaker!)));
        Assert.Empty(transcript.Turns);
        Assert.True(transcript.HasSpeakers);
    }

    [Fact]
    public void Text_before_the_first_speaker_token_and_a_missing_last_time_lose_nothing()
    {
        Transcript transcript = Read("well <|spltoken0|><|t:1.0|> yes <|spltoken1|><|t:2.5|> no");
        Assert.Equal([("well yes", new TimeRange(1, 2.5)), ("no", new TimeRange(2.5, 2.5))], transcript.Segments.Select(s => (s.Text, s.Range!.Value)));
    }

    [Theory]
    [InlineData("[0.5] Good morning everyone.[2.0][2.3][S02] Hello. How are you?[4.0]", null, "S02")]
    [InlineData("[0.5][S01]Good morning everyone.[2.0] [2.3]Hello. How are you?[4.0]\n", "S01", null)]
    [InlineData("\n[0.5]\nGood morning everyone.\n[2.0]\n[2.3]\nHello. How are you?\n[4.0]\n", null, null)]
    public void A_MOSS_segment_may_lack_its_speaker(string text, string? first, string? second)
    {
        foreach (Transcript transcript in (Transcript[])[Read(text), Read(new JsonObject { ["text"] = text }.ToJsonString())])
        {
            Assert.Equal("moss", transcript.Dialect);
            Assert.Equal(
                [("Good morning everyone.", new(0.5, 2.0), first), ("Hello. How are you?", new TimeRange(2.3, 4.0), second)],
                transcript.Segments.Select(segment => (segment.Text, segment.Range!.Value, segment.Speaker)));
            Assert.Equal(transcript.Segments.Where(s => s.Speaker is not null).Select(s => new Turn(s.Range!.Value, s.Speaker!)), transcript.Turns);
        }
    }

    [Theory]
    [InlineData("[0][S01] In [2024], item [7] follows.[4]", "In [2024], item [7] follows.", 0, 4)]
    [InlineData("well [2024] times [0.1][S01] yes[0.9]", "well [2024] times yes", 0.1, 0.9)]
    [InlineData("[1][S01] yes [2.0] [3 people] nod[4]", "yes [2.0] [3 people] nod", 1, 4)]
    [InlineData("[1][S01] yes", "yes", 1, 1)]
    public void A_number_in_brackets_that_bounds_no_MOSS_segment_is_text(string text, string said, double start, double end)
    {
        TranscriptSegment segment = Assert.Single(Read(text).Segments);
        Assert.Equal((said, new TimeRange(start, end), "S01"), (segment.Text, segment.Range!.Value, segment.Speaker));
    }

    [Fact]
    public void A_MOSS_segment_without_its_end_ends_where_the_next_begins()
    {
        Transcript transcript = Read("[1.0][S01] yes [2.5][S02] no[3.0]");
        Assert.Equal([("yes", new(1, 2.5)), ("no", new TimeRange(2.5, 3))], transcript.Segments.Select(s => (s.Text, s.Range!.Value)));
    }

    [Fact]
    public void A_last_chunk_of_the_Hugging_Face_pipeline_may_lack_its_end()
    {
        Transcript transcript = Read("""{"text": " Hello all. How are", "chunks": [{"timestamp": [0.5, 2.0], "text": " Hello all."}, {"timestamp": [2.3, null], "text": " How are"}]}""");
        Assert.Equal([("Hello all.", new(0.5, 2)), ("How are", new TimeRange(2.3, 2.3))], transcript.Segments.Select(s => (s.Text, s.Range!.Value)));
    }

    [Fact]
    public void Speakers_that_Amazon_names_only_beside_the_items_are_found_by_their_times()
    {
        Transcript transcript = Read("""
            {"results": {"speaker_labels": {"segments": [{"speaker_label": "spk_0", "items": [{"start_time": "0.5", "speaker_label": "spk_0", "end_time": "0.8"}]}]},
            "items": [{"start_time": "0.5", "end_time": "0.8", "alternatives": [{"content": "Hello"}], "type": "pronunciation"},
            {"alternatives": [{"content": "."}], "type": "punctuation"}]}}
            """);
        Assert.Equal([("Hello", "spk_0"), (".", null)], transcript.Words.Select(word => (word.Text, word.Speaker)));
    }

    [Fact]
    public void Voices_that_share_a_cue_are_segments_of_their_own()
    {
        Transcript transcript = TranscriptFixtures.Read("voices.vtt").Transcript;
        Assert.Equal(
            [("Ann", "Good morning everyone."), ("Bob & Co", "Hello."), ("Ann", "How are you?")],
            transcript.Segments.Select(segment => (segment.Speaker!, segment.Text)));
        Assert.Equal(["Ann", "Bob & Co", "Ann"], transcript.Turns.Select(turn => turn.Speaker));
    }

    [Fact]
    public void Times_inside_a_cue_time_its_words()
    {
        Word[] words = [.. TranscriptFixtures.Read("timed-words.vtt").Transcript.Words];
        Assert.Equal([("Good", new(0.5, 0.8)), ("morning", new(0.8, 1.3)), ("everyone.", new TimeRange(1.3, 2.0))], words.Select(w => (w.Text, w.Range!.Value)));
    }

    [Fact]
    public void A_text_without_times_is_one_segment_without_times()
    {
        TranscriptSegment segment = Assert.Single(TranscriptFixtures.Read("openai.json").Transcript.Segments);
        Assert.Equal(("Good morning everyone. Hello. How are you?", null), (segment.Text, segment.Range));
    }

    [Fact]
    public void Words_that_could_not_be_aligned_keep_their_place_without_times()
    {
        Transcript transcript = TranscriptFixtures.Read("whisperx.json").Transcript;
        Assert.Equal([true, true, true, true, false, true, true], transcript.Words.Select(word => word.Range is not null));
    }

    [Fact]
    public void Punctuation_without_times_joins_its_word()
    {
        Transcript transcript = TranscriptFixtures.Read("aws.json").Transcript;
        Assert.Equal("Good morning everyone. Hello. How are you?", Joined(transcript.Words));
        Assert.Equal(3, transcript.Words.Count(word => word.JoinsPrevious && word.Range is null));
    }

    [Theory]
    [InlineData("long.TextGrid")]
    [InlineData("short.TextGrid")]
    public void TextGrids_are_read_long_and_short(string file)
    {
        Transcript transcript = TranscriptFixtures.Read(file).Transcript;
        (string, string?)[] expected = file == "long.TextGrid"
            ? [("Good morning", null), ("click", "ann")]
            : [("Good morning \"everyone\".", "ann"), ("Hello. How are you?", "bob")];
        Assert.Equal(expected, transcript.Segments.Select(segment => (segment.Text, segment.Speaker)));
        Assert.Equal(2, transcript.Words.Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Texts_may_be_UTF_16_as_Praat_writes_what_is_beyond_ASCII(bool bigEndian)
    {
        string text = System.Text.Encoding.UTF8.GetString(TranscriptFixtures.Bytes("long.TextGrid")).Replace("Good", "Grüß 😀", StringComparison.Ordinal);
        var encoding = new System.Text.UnicodeEncoding(bigEndian, byteOrderMark: true);
        Transcript transcript = TranscriptDocument.Read([.. encoding.Preamble, .. encoding.GetBytes(text)], "test").Transcript;
        Assert.Equal("Grüß 😀 morning", transcript.Segments[0].Text);
        Assert.Equal(Read(text).Words, transcript.Words);
    }

    [Fact]
    public void Scripts_without_spaces_keep_their_characters_together_and_apart_in_time()
    {
        Transcript transcript = Read("""{"text": "你好ok吗", "timestamps": [0.1, 0.3, 0.5, 0.8], "durations": [], "tokens": ["你", "好", "ok", "吗"]}""");
        Assert.Equal(["你", "好", "ok", "吗"], transcript.Words.Select(word => word.Text));
        Assert.Equal("你好ok吗", Joined(transcript.Words));
    }

    [Fact]
    public void Word_pieces_with_continuation_marks_join_to_words()
    {
        Transcript transcript = Read("""{"text": "hello all", "timestamps": [0, 0.2, 0.5], "tokens": ["hel@@", "lo", "all"]}""");
        Assert.Equal(["hello", "all"], transcript.Words.Select(word => word.Text));
    }

    [Theory]
    [InlineData("plain.srt")]
    [InlineData("voices.vtt")]
    [InlineData("labels.txt")]
    [InlineData("long.TextGrid")]
    [InlineData("pocketsphinx.txt")]
    public void Lines_may_end_as_on_Windows_and_begin_with_a_byte_order_mark(string file)
    {
        string text = System.Text.Encoding.UTF8.GetString(TranscriptFixtures.Bytes(file));
        Transcript transcript = TranscriptFixtures.Read(file).Transcript;
        Transcript windows = Read("\uFEFF" + text.ReplaceLineEndings("\r\n"));
        Assert.Equal(
            transcript.Segments.Select(segment => (segment.Text, segment.Range, segment.Speaker)),
            windows.Segments.Select(segment => (segment.Text, segment.Range, segment.Speaker)));
    }

    [Theory]
    [InlineData("diarist.txt")]
    [InlineData("diarist.md")]
    public void Texts_that_Diarist_wrote_have_starts_and_speakers(string file)
    {
        Transcript transcript = TranscriptFixtures.Read(file).Transcript;
        Assert.Equal([("Ann", "Good morning everyone.", new(0, 2)), ("Bob", "Hello. How are you?", new TimeRange(2, 2))], transcript.Segments.Select(segment => (segment.Speaker!, segment.Text, segment.Range!.Value)));
    }

    [Fact]
    public void What_Diarist_writes_as_JSON_it_reads_again()
    {
        TranscriptDocument document = TranscriptFixtures.Read("openai-whisper.json");
        var attributed = SpeakerAttribution.Assign(document.Transcript, [new(0, 2.2, "Ann"), new(2.2, 5, "Bob")]);
        var text = new StringWriter();
        TranscriptWriter.Write(text, attributed, TranscriptFormat.Json, "meeting");
        Transcript again = Read(text.ToString());
        Assert.Equal("diarist", again.Dialect);
        Assert.Equal(document.Transcript.Words, again.Words.Select(word => word with { Speaker = null }));
        Assert.Equal(["Ann", "Bob"], again.Segments.Select(segment => segment.Speaker));
    }

    [Fact]
    public void Every_fixture_is_read_and_named_in_the_README()
    {
        string readme = System.Text.Encoding.UTF8.GetString(TranscriptFixtures.Bytes("README.md"));
        Assert.All(TranscriptFixtures.All, name =>
        {
            Assert.NotEmpty(TranscriptFixtures.Read(name).Transcript.Segments);
            Assert.Contains(name, readme, StringComparison.Ordinal);
        });
    }

    private static Transcript Read(string text) => TranscriptDocument.Read(System.Text.Encoding.UTF8.GetBytes(text), "test").Transcript;

    private static string Plain(string text) => text.Trim('.', '?').ToLowerInvariant();

    private static string Joined(IEnumerable<Word> words) => string.Concat(words.Select((word, i) => (i == 0 || word.JoinsPrevious ? "" : " ") + word.Text));
}
