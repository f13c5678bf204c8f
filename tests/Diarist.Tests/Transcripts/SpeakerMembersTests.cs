using System.Text;
using System.Text.Json;
using Diarist.Attribution;
using Diarist.Packs;
using Diarist.Tests.Support;
using Diarist.Transcripts;
using FsCheck;
using FsCheck.Fluent;

namespace Diarist.Tests.Transcripts;

public class SpeakerMembersTests
{
    private static readonly Turn[] Turns = [new(0, 2.2, "SPEAKER_00"), new(2.2, 3.1, "SPEAKER_01"), new(2.9, 5, "Ann \"Ä\" 😀")];

    public static TheoryData<string> Json => [.. TranscriptFixtures.Json];

    public static TheoryData<string> WithoutSpeakers => [.. TranscriptFixtures.Json.Where(name => !TranscriptFixtures.Read(name).HasSpeakers)];

    [Theory]
    [MemberData(nameof(WithoutSpeakers))]
    public void Taking_the_members_out_gives_the_identical_bytes_whatever_the_turns(string file)
    {
        TranscriptDocument document = TranscriptFixtures.Read(file);
        Arbitrary<Turn[]> turns =
            (from spans in (from start in Gen.Choose(0, 4500) from length in Gen.Choose(0, 3000) from who in Gen.Elements("SPEAKER_00", "b\"\\", "Zoë\n") select (start, length, who)).ListOf()
             select spans.Select(span => new Turn(span.start / 1000.0, (span.start + span.length) / 1000.0, span.who)).ToArray()).ToArbitrary();
        Prop.ForAll(turns, talk =>
        {
            byte[] annotated = document.Annotate(SpeakerAttribution.Assign(document.Transcript, talk));
            TranscriptDocument again = TranscriptDocument.Read(annotated, file);
            return again.WithoutSpeakers().AsSpan().SequenceEqual(document.Bytes.Span)
                && again.Transcript.Words.Select(word => (word.Text, word.Range)).SequenceEqual(document.Transcript.Words.Select(word => (word.Text, word.Range)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Theory]
    [MemberData(nameof(WithoutSpeakers))]
    public void Members_are_inserted_and_nothing_else_changes(string file)
    {
        TranscriptDocument document = TranscriptFixtures.Read(file);
        byte[] annotated = document.Annotate(SpeakerAttribution.Assign(document.Transcript, Turns));
        Assert.True(annotated.Length > document.Bytes.Length);
        Assert.True(TranscriptDocument.Read(annotated, file).HasSpeakers || file.StartsWith("sherpa", StringComparison.Ordinal));

        // An independent strip: parse both, drop every member whose name begins with "speaker" and was not there before.
        string before = Canonical(document.Bytes.ToArray(), drop: false);
        Assert.Equal(before, Canonical(annotated, drop: true));
    }

    [Fact]
    public void Segments_get_a_speaker_beside_their_words()
    {
        TranscriptDocument document = TranscriptFixtures.Read("faster-whisper.json");
        using JsonDocument annotated = JsonDocument.Parse(document.Annotate(SpeakerAttribution.Assign(document.Transcript, [new(0, 60, "SPEAKER_00")])));
        Assert.All(annotated.RootElement.EnumerateArray(), segment => Assert.Equal("SPEAKER_00", segment.GetProperty("speaker").GetString()));
    }

    [Theory]
    [MemberData(nameof(Json))]
    public void Without_turns_the_output_is_the_input(string file)
    {
        TranscriptDocument document = TranscriptFixtures.Read(file);
        AttributedTranscript nobody = SpeakerAttribution.Assign(document.Transcript, []);
        if (!document.HasSpeakers)
        {
            Assert.Equal(document.Bytes.ToArray(), document.Annotate(nobody));
        }
    }

    [Theory]
    [InlineData("openai-diarized.json")]
    [InlineData("moss-openai.json")]
    public void A_transcript_that_names_speakers_is_refused_without_overwrite(string file)
    {
        TranscriptDocument document = TranscriptFixtures.Read(file);
        AttributedTranscript attributed = SpeakerAttribution.Assign(document.Transcript, Turns);
        var refusal = Assert.Throws<InputException>(() => document.Annotate(attributed));
        Assert.Equal(Remedy.ReplaceSpeakers, refusal.Remedy);
        string replaced = Encoding.UTF8.GetString(document.Annotate(attributed, overwrite: true));
        Assert.Contains("\"SPEAKER_00\"", replaced, StringComparison.Ordinal);
        Assert.DoesNotContain("\"speaker\": \"A\"", replaced, StringComparison.Ordinal);
        JsonDocument.Parse(replaced);
    }

    [Fact]
    public void Annotating_an_annotated_transcript_again_gives_what_annotating_the_first_gave()
    {
        TranscriptDocument document = TranscriptFixtures.Read("whisperx.json");
        byte[] other = document.Annotate(SpeakerAttribution.Assign(document.Transcript, [new(0, 9, "X")]));
        byte[] expected = document.Annotate(SpeakerAttribution.Assign(document.Transcript, Turns));
        TranscriptDocument again = TranscriptDocument.Read(other, "again");
        Assert.Equal(expected, again.Annotate(SpeakerAttribution.Assign(again.Transcript, Turns), overwrite: true));
    }

    [Fact]
    public void Objects_keep_their_style_and_the_members_go_last()
    {
        Assert.Equal(
            """[{"word":"a","start":0,"end":1,"speaker":"A","speaker_confidence":0.979}]""",
            Annotated("""[{"word":"a","start":0,"end":1}]""", new Turn(0, 1, "A")));
        Assert.Equal(
            """[ { "word": "a", "start": 0, "end": 1, "speaker": "A", "speaker_confidence": 0.655, "speaker_runner_up": "B", "speaker_uncertain": true } ]""",
            Annotated("""[ { "word": "a", "start": 0, "end": 1 } ]""", new Turn(0, 0.6, "A"), new Turn(0.6, 1, "B")));
    }

    [Fact]
    public void The_evidence_is_inserted_as_well()
    {
        const string Json = """[{"word":"a","start":0,"end":1},{"word":"b"}]""";
        Assert.Equal(
            """[{"word":"a","start":0,"end":1,"speaker":"A","speaker_confidence":0.466,"speaker_runner_up":"B","speaker_overlap":["B"],"speaker_uncertain":true},{"word":"b","speaker":"A","speaker_confidence":0,"speaker_uncertain":true,"speaker_approximate":true}]""",
            Annotated(Json, new Turn(0, 1, "A"), new Turn(0.2, 0.9, "B")));
    }

    [Fact]
    public void Parallel_arrays_get_one_list_of_words()
    {
        const string Json = """{"text":" hi all","timestamps":[0,0.5],"durations":[0.4,0.4],"tokens":[" hi"," all"]}""";
        Assert.Equal(
            Json[..^1] + ""","speaker_words":[{"text":"hi","start":0,"end":0.4,"speaker":"A","speaker_confidence":0.752,"speaker_uncertain":true},{"text":"all","start":0.5,"end":0.9,"speaker":"B","speaker_confidence":0.758,"speaker_uncertain":true}]}""",
            Annotated(Json, new Turn(0, 0.45, "A"), new Turn(0.45, 1, "B")));
    }

    [Fact]
    public void Speaker_members_in_the_middle_and_at_the_start_are_replaced_cleanly()
    {
        const string Json = """[{"speaker":"old","word":"a","speaker_confidence":0.1,"start":0,"end":1}, {"speaker":"x"  ,  "speaker_runner_up" : "y","word":"b","start":1,"end":2}]""";
        TranscriptDocument document = TranscriptDocument.Read(Encoding.UTF8.GetBytes(Json), "test");
        byte[] replaced = document.Annotate(SpeakerAttribution.Assign(document.Transcript, []), overwrite: true);
        Assert.Equal("""[{"word":"a","start":0,"end":1}, {"word":"b","start":1,"end":2}]""", Encoding.UTF8.GetString(replaced));
    }

    [Fact]
    public void A_byte_order_mark_and_odd_white_space_survive()
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("\r\n\t{ \"text\" :\"a\" ,\"extra\":[ 1,{} ],\"words\":[ {\"word\":\"a\",\"start\":0,\"end\":1e0}\n] }\n\n")];
        TranscriptDocument document = TranscriptDocument.Read(bytes, "test");
        byte[] annotated = document.Annotate(SpeakerAttribution.Assign(document.Transcript, Turns));
        Assert.NotEqual(bytes, annotated);
        Assert.Equal(bytes, TranscriptDocument.Read(annotated, "test").WithoutSpeakers());
    }

    [Theory]
    [MemberData(nameof(WithoutSpeakers))]
    public void The_networks_are_named_once_and_go_with_the_speakers(string file)
    {
        LocatedPack[] packs = [InsideNetworks.Store.Require("silero-vad-v6")];
        TranscriptDocument document = TranscriptFixtures.Read(file);
        byte[] annotated = document.Annotate(SpeakerAttribution.Assign(document.Transcript, Turns) with { Packs = packs });
        string text = Encoding.UTF8.GetString(annotated);
        Assert.Equal(2, text.Split("speaker_packs").Length);
        Assert.Contains(packs[0].Pack.Attribution, text, StringComparison.Ordinal);
        Assert.Equal(Canonical(document.Bytes.ToArray(), drop: false), Canonical(annotated, drop: true));

        TranscriptDocument again = TranscriptDocument.Read(annotated, file);
        Assert.Equal(document.Bytes.ToArray(), again.WithoutSpeakers());
        Assert.Equal(
            document.Annotate(SpeakerAttribution.Assign(document.Transcript, Turns)),
            again.Annotate(SpeakerAttribution.Assign(again.Transcript, Turns), overwrite: true));
        Assert.Equal(document.Bytes.ToArray(), document.Annotate(SpeakerAttribution.Assign(document.Transcript, []) with { Packs = packs }));
    }

    [Fact]
    public void Only_JSON_can_be_annotated_in_place()
    {
        TranscriptDocument document = TranscriptFixtures.Read("plain.srt");
        Assert.Throws<InvalidOperationException>(() => document.Annotate(SpeakerAttribution.Assign(document.Transcript, Turns)));
    }

    [Fact]
    public void The_attribution_of_another_transcript_is_refused()
    {
        AttributedTranscript other = SpeakerAttribution.Assign(TranscriptFixtures.Read("vosk.json").Transcript, Turns);
        Assert.Throws<ArgumentException>(() => TranscriptFixtures.Read("words.json").Annotate(other));
    }

    private static string Annotated(string json, params Turn[] turns)
    {
        TranscriptDocument document = TranscriptDocument.Read(Encoding.UTF8.GetBytes(json), "test");
        return Encoding.UTF8.GetString(document.Annotate(SpeakerAttribution.Assign(document.Transcript, turns)));
    }

    private static string Canonical(byte[] bytes, bool drop)
    {
        var text = new StringBuilder();
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            if (drop && reader.TokenType == JsonTokenType.PropertyName && reader.GetString() is { } name && name.StartsWith("speaker", StringComparison.Ordinal) && name != "speaker_spans")
            {
                reader.Skip();
                continue;
            }

            text.Append(reader.TokenType).Append(reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : Encoding.UTF8.GetString(reader.ValueSpan)).Append('\n');
        }

        return text.ToString();
    }
}
