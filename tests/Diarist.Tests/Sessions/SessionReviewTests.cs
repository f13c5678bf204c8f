using Diarist.Audio;
using Diarist.Segmentation;
using Diarist.Segments;
using Diarist.Sessions;
using Diarist.Tests.Segments;
using Diarist.Tests.Support;

namespace Diarist.Tests.Sessions;

public sealed class SessionReviewTests(ITestOutputHelper output)
{
    private static readonly Lazy<byte[]> Sample = new(() =>
    {
        using AudioStream audio = AudioReader.Open(Shared.InRepository("samples/conversation.flac"));
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.diarist");
        Diarizer.Create(InsideNetworks.Store).Listen(audio).Save(path);
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    });

    [Fact]
    public void A_file_with_vectors_in_16_bits_gives_the_turns_of_diarize()
    {
        DiarizationSession session = Open();
        Diarization expected = Diarizer.Create(InsideNetworks.Store).Diarize(Shared.InRepository("samples/conversation.flac"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected.Turns, session.Diarization.Turns);
        Assert.Equal(expected.ExclusiveTurns, session.Diarization.ExclusiveTurns);
        Assert.True(Sample.Value.AsSpan().IndexOf("'<f2'"u8) > 0, "vectors are not kept in 16 bits");
        output.WriteLine($"{Sample.Value.Length} bytes for {session.Recording.Duration:0.0} s");
        Assert.True(Sample.Value.Length < 6e6 * session.Recording.Duration / 3600);
    }

    [Fact]
    public void A_turn_of_a_person_who_was_put_to_another_is_among_the_first_questions()
    {
        DiarizationSession session = Open();
        Turn[] right = [.. session.Diarization.Turns];
        session.SetSpeakers(3);
        string Owner(Turn turn) => right.MaxBy(other => other.Range.Overlap(turn.Range)).Speaker;
        string MostOf(string speaker) => session.Diarization.Turns.Where(turn => turn.Speaker == speaker).GroupBy(Owner).MaxBy(group => group.Sum(turn => turn.Duration))!.Key;
        IReadOnlyList<ReviewQuestion> first = session.Review(3);
        output.WriteLine(string.Join('\n', first));
        Assert.Contains(first, question => !question.AboutSpeaker && Owner(question.Turn) != MostOf(question.Turn.Speaker));
    }

    [Fact]
    public void Where_two_alike_people_share_a_label_equally_a_turn_of_each_is_asked_about()
    {
        // The windows give both to one local speaker, and their voices are alike enough to be grouped.
        const int framesApart = 149;
        HeardSpeech heard = MadeConversation.Heard(windows: 100, framesApart, _ => 1, piece => [0.82f, piece % 2 == 0 ? 0.57f : -0.57f, 0, 0]);
        var session = new DiarizationSession(
            new SessionRecording(new AudioInfo("talk.wav", "WAV", 16000, 1, 16, null), "00", heard.Duration), heard, new DiarizerOptions(), [], [], [1, 2]);
        Assert.Single(session.Diarization.Speakers);

        ReviewQuestion first = Assert.Single(session.Review(1));
        session.Answer(first, first.Choices[0]);
        ReviewQuestion second = Assert.Single(session.Review(1));
        Assert.NotEqual(Person(first.Turn), Person(second.Turn));
        session.Answer(second, "Ada");
        Assert.All(session.Diarization.Turns, turn => Assert.Equal(turn.Speaker == "Ada", Person(turn) == Person(second.Turn)));

        static int Person(Turn turn) => (int)(turn.Range.Middle / SlidingWindow.FrameStep / framesApart) % 2;
    }

    [Fact]
    public void An_answered_question_is_not_asked_again()
    {
        DiarizationSession session = Open();
        for (int round = 0; round < 6 && session.Review(1) is [var question]; round++)
        {
            session.Answer(question, question.Choices[0]);
            Assert.DoesNotContain(session.Review(50), other => other.AboutSpeaker == question.AboutSpeaker && other.Turn.Range == question.Turn.Range && other.Choices.SequenceEqual(question.Choices));
        }
    }

    [Fact]
    public void Questions_are_ranked_and_name_turns_that_are_there()
    {
        DiarizationSession session = Open();
        session.Rename("SPEAKER_01", "Ada");
        IReadOnlyList<ReviewQuestion> questions = session.Review(20);
        Assert.NotEmpty(questions);
        Assert.Equal(questions.OrderByDescending(question => question.Doubt * question.AffectedDuration), questions);
        foreach (ReviewQuestion question in questions)
        {
            Assert.Equal(question.Turn.Speaker, question.Choices[0]);
            Assert.Contains(question.Turn, session.Diarization.Turns);
            Assert.All(question.Excerpts, excerpt => Assert.Contains(excerpt, session.Diarization.Turns));
            Assert.DoesNotContain("SPEAKER_01", question.Choices);
        }
    }

    [Fact]
    public void Nothing_is_asked_after_voices_were_forgotten()
    {
        DiarizationSession session = Open();
        session.ForgetVoices();
        Assert.Empty(session.Review());
    }

    private static DiarizationSession Open()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.diarist");
        File.WriteAllBytes(path, Sample.Value);
        try
        {
            return DiarizationSession.Open(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
