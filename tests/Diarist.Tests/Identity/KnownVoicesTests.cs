using Diarist.Audio;
using Diarist.Identity;
using Diarist.Sessions;
using Diarist.Tests.Support;

namespace Diarist.Tests.Identity;

/// <summary>Enrolment and recognition from audio, with the networks inside: the sample's four voices, two of them enrolled from other text.</summary>
public class KnownVoicesTests
{
    private static readonly string Sample = Shared.InRepository("samples/conversation.flac");
    private static readonly Lazy<Diarizer> Diarizer = new(() => Diarist.Diarizer.Create(InsideNetworks.Store));
    private static readonly Lazy<VoiceProfile> Anna = new(() => Enroll("Anna")), Otto = new(() => Enroll("Otto"));
    private static readonly Lazy<Diarization> Anonymous = new(() => Diarizer.Value.Diarize(Sample));

    [Fact]
    public void Two_of_four_voices_are_named_and_two_stay_anonymous()
    {
        Diarization named = Diarize(new KnownVoices([Anna.Value, Otto.Value]));
        Assert.Equal(["Anna", "Otto", null, null], named.Identities.Select(identity => identity.Name).OrderBy(name => name ?? "~", StringComparer.Ordinal));
        Assert.Equal(["Anna", "Otto", "SPEAKER_01", "SPEAKER_02"], named.WithRecognizedNames().Speakers.Select(speaker => speaker.Label).Order(StringComparer.Ordinal));

        // In the truth SPEAKER labels are anna, ben, otto and rose.
        Turn[] truth = [.. File.ReadLines(Path.ChangeExtension(Sample, ".rttm")).Select(line => line.Split(' ')).Select(part => new Turn(Number(part[3]), Number(part[3]) + Number(part[4]), part[7]))];
        foreach ((string name, string person) in (ReadOnlySpan<(string, string)>)[("Anna", "anna"), ("Otto", "otto")])
        {
            Turn[] own = [.. named.WithRecognizedNames().Turns.Where(turn => turn.Speaker == name)];
            double right = own.Sum(turn => truth.Where(other => other.Speaker == person).Sum(other => other.Range.Overlap(turn.Range)));
            Assert.InRange(right / own.Sum(turn => turn.Duration), 0.9, 1);
        }
    }

    [Fact]
    public void Without_a_match_the_turns_are_the_anonymous_ones()
    {
        VoiceProfile stranger = new(Guid.NewGuid(), "Nobody", Diarizer.Value.EmbedderFingerprint, [new VoiceExemplar(MadeVoices.Speech(new Random(1), 3, 20), VoiceChannel.WideBand)]);
        Diarization result = Diarize(new KnownVoices([stranger]));
        Assert.Equal(Anonymous.Value.Turns, result.Turns);
        Assert.Equal(Anonymous.Value.ExclusiveTurns, result.ExclusiveTurns);
        Assert.Equal(Anonymous.Value.Speakers, result.Speakers);
        Assert.All(result.Identities, identity => Assert.Null(identity.Name));
        Assert.Empty(Anonymous.Value.Identities);
    }

    [Fact]
    public void A_recording_of_several_people_is_refused_with_the_place()
    {
        using AudioStream audio = AudioReader.Open(Sample);
        EnrolmentException error = Assert.Throws<EnrolmentException>(() => Diarizer.Value.Enroll("Anna", audio));
        Assert.NotNull(error.OtherPerson);
        Assert.Contains("another person speaks in it, from 0:", error.Message, StringComparison.Ordinal);

        // One voice, then the other.
        float[] both = [.. AudioReader.ReadMono(Voice("anna")), .. AudioReader.ReadMono(Voice("otto")).Take(4 * 16000)];
        double border = AudioReader.ReadMono(Voice("anna")).Length / 16000.0;
        error = Assert.Throws<EnrolmentException>(() => Enroll("Anna", both));
        Assert.InRange(error.OtherPerson!.Value.Start, border - 0.5, border + 1.5);
    }

    [Fact]
    public void Too_little_speech_is_refused()
    {
        EnrolmentException error = Assert.Throws<EnrolmentException>(() => Enroll("Anna", AudioReader.ReadMono(Voice("anna"))[..(4 * 16000)]));
        Assert.Null(error.OtherPerson);
        Assert.Contains("5 s or more are needed", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.0 s of speech", Assert.Throws<EnrolmentException>(() => Enroll("Anna", new float[16000])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_keeps_names_scores_and_their_grouping()
    {
        var known = new KnownVoices([Anna.Value, Otto.Value]);
        using AudioStream audio = AudioReader.Open(Sample);
        DiarizationSession session = Diarizer.Value.Listen(audio, known);
        Diarization expected = Diarize(known);
        Assert.Equal(expected.WithRecognizedNames().Turns, session.Diarization.Turns);
        using var folder = new TemporaryFolder();
        session.Save(folder["talk.diarist"]);
        DiarizationSession opened = DiarizationSession.Open(folder["talk.diarist"]);
        Assert.Equal(session.Diarization.Turns, opened.Diarization.Turns);
        Assert.Equal(expected.Identities.Select(identity => (identity.Label, identity.Name, identity.Score, identity.Margin)), opened.Diarization.Identities.Select(identity => (identity.Label, identity.Name, identity.Score, identity.Margin)));
        opened.Rename("Anna", "Ada");
        opened.SetSpeakers(3);
        Assert.Contains("Ada", opened.Diarization.Speakers.Select(speaker => speaker.Label));
        Assert.Contains("Otto", opened.Diarization.Speakers.Select(speaker => speaker.Label));
        opened.Merge("Ada", "Otto");
        Assert.DoesNotContain("Otto", opened.Diarization.Speakers.Select(speaker => speaker.Label));
        opened.ForgetVoices();
        opened.Save(folder["talk.diarist"]);
        Assert.DoesNotContain("known.json", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(folder["talk.diarist"])), StringComparison.Ordinal);
        Assert.Contains("Ada", DiarizationSession.Open(folder["talk.diarist"]).Diarization.Speakers.Select(speaker => speaker.Label));
    }

    private static string Voice(string name) => Shared.InRepository($"samples/voices/{name}.flac");

    private static VoiceProfile Enroll(string name)
    {
        using AudioStream audio = AudioReader.Open(Voice(name.ToLowerInvariant()));
        return Diarizer.Value.Enroll(name, audio);
    }

    private static VoiceProfile Enroll(string name, float[] samples)
    {
        using (var folder = new TemporaryFolder())
        {
            using (AudioWriter writer = AudioWriter.Create(folder["voice.wav"], MonoStream.SampleRate))
            {
                writer.Write(samples);
                writer.Complete();
            }

            using AudioStream audio = AudioReader.Open(folder["voice.wav"]);
            return Diarizer.Value.Enroll(name, audio);
        }
    }

    private static Diarization Diarize(KnownVoices known)
    {
        using AudioStream audio = AudioReader.Open(Sample);
        return Diarizer.Value.Diarize(audio, known);
    }

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
