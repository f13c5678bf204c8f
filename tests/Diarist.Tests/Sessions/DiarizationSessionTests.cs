using Diarist.Audio;
using Diarist.Pipeline;
using Diarist.Segments;
using Diarist.Sessions;
using Diarist.Tests.Support;

namespace Diarist.Tests.Sessions;

public sealed class DiarizationSessionTests(ITestOutputHelper output)
{
    private static DiarizationSession Create(out HeardSpeech heard)
    {
        heard = HeardConversation.Value;
        return HeardConversation.Session();
    }

    [Fact]
    public void A_saved_session_gives_the_turns_of_diarize_for_any_number_of_speakers()
    {
        DiarizationSession session = Create(out HeardSpeech heard);
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.diarist");
        try
        {
            session.Save(path);
            output.WriteLine($"{new FileInfo(path).Length} bytes for {heard.Duration:0} s");
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }

            foreach (int? count in (int?[])[null, 1, 2, 3, 4, 5])
            {
                Diarization expected = SegmentsPipeline.Cluster(heard, new DiarizerOptions { Speakers = count }, null, new StageClock(null), default).Diarization;
                DiarizationSession opened = DiarizationSession.Open(path);
                if (count is not null)
                {
                    opened.SetSpeakers(count);
                }

                Assert.Equal(expected.Turns, opened.Diarization.Turns);
                Assert.Equal(expected.ExclusiveTurns, opened.Diarization.ExclusiveTurns);
            }

            session.Rename("SPEAKER_00", "Ann");
            session.Rename("SPEAKER_01", "Bob");
            session.Save(path);
            byte[] bytes = File.ReadAllBytes(path);
            int last = bytes.AsSpan().LastIndexOf("\"Bob\""u8);
            File.WriteAllBytes(path, bytes[..last]);
            DiarizationSession cut = DiarizationSession.Open(path);
            Assert.Single(cut.Edits);
            Assert.Single(cut.Notes);
            File.WriteAllBytes(path, bytes[..5000]);
            Assert.Throws<SessionFormatException>(() => DiarizationSession.Open(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Any_corrections_and_as_many_undos_give_the_first_state()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            DiarizationSession session = Create(out _);
            Turn[] first = [.. session.Diarization.Turns];
            var random = new Random(seed);
            int made = 0, refused = 0;
            for (int step = 0; step < 12; step++)
            {
                try
                {
                    Correct(session, random, step);
                    made++;
                }
                catch (SessionEditException)
                {
                    refused++;
                }
            }

            output.WriteLine($"seed {seed}: {made} made, {refused} refused");
            Assert.True(made > 0);
            Turn[] last = [.. session.Diarization.Turns];
            for (int undo = 0; undo < made; undo++)
            {
                session.Undo();
            }

            Assert.Equal(first, session.Diarization.Turns);
            for (int redo = 0; redo < made; redo++)
            {
                session.Redo();
            }

            Assert.Equal(last, session.Diarization.Turns);
        }
    }

    [Fact]
    public void A_contradiction_is_refused_with_both_statements_and_changes_nothing()
    {
        DiarizationSession session = Create(out _);
        Turn one = Longest(session, "SPEAKER_00"), other = Longest(session, "SPEAKER_01");
        session.Split(one, other);
        string left = SpeakerAt(session, one), right = SpeakerAt(session, other);
        Assert.NotEqual(left, right);
        SessionEditException error = Assert.Throws<SessionEditException>(() => session.Merge(left, right));
        Assert.Contains("are one person", error.Message, StringComparison.Ordinal);
        Assert.Contains("are of different people", error.Message, StringComparison.Ordinal);
        Assert.Single(session.Edits);
    }

    [Fact]
    public void Forgotten_voices_leave_turns_and_names()
    {
        DiarizationSession session = Create(out _);
        session.Rename("SPEAKER_00", "Ann");
        Turn[] turns = [.. session.Diarization.Turns];
        session.ForgetVoices();
        Assert.Equal(turns, session.Diarization.Turns);
        Assert.Throws<SessionEditException>(() => session.SetSpeakers(2));
        session.Merge("Ann", "SPEAKER_01");
        Assert.DoesNotContain("SPEAKER_01", session.Diarization.Turns.Select(turn => turn.Speaker));
    }

    private static Turn Longest(DiarizationSession session, string speaker) => session.Diarization.Turns.Where(turn => turn.Speaker == speaker).MaxBy(turn => turn.Duration);

    private static string SpeakerAt(DiarizationSession session, Turn turn) => session.Diarization.Turns.MaxBy(now => now.Range.Overlap(turn.Range)).Speaker;

    private static void Correct(DiarizationSession session, Random random, int step)
    {
        Turn[] turns = [.. session.Diarization.Turns];
        string[] speakers = [.. session.Diarization.Speakers.Select(speaker => speaker.Label)];
        Turn turn = turns[random.Next(turns.Length)];
        string speaker = speakers[random.Next(speakers.Length)];
        switch (random.Next(7))
        {
            case 0: session.Rename(speaker, $"Name {step}"); break;
            case 1: session.Merge(speaker, speakers[random.Next(speakers.Length)]); break;
            case 2: session.Split(turn, turns[random.Next(turns.Length)]); break;
            case 3: session.AssignNobody(turn); break;
            case 4: session.SetSpeakers(random.Next(1, 5)); break;
            case 5: session.MoveBoundary(turn, new TimeRange(turn.Start, turn.Start + (turn.Duration / 2))); break;
            default:
                session.Assign(turn, speaker);
                Assert.True(session.Diarization.Turns.Where(now => now.Speaker == speaker).Sum(now => now.Range.Overlap(turn.Range)) > turn.Duration - 0.001);
                break;
        }
    }
}
