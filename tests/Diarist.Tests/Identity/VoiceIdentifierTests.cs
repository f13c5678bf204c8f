using Diarist.Identity;
using Diarist.Segments;

namespace Diarist.Tests.Identity;

/// <summary>Who gets a name, and who does not.</summary>
public class VoiceIdentifierTests
{
    [Fact]
    public void Known_voices_are_named_and_strangers_are_not()
    {
        var random = new Random(1);
        var known = new KnownVoices([MadeVoices.Profile(random, "Ann", 0), MadeVoices.Profile(random, "Bob", 1)]);
        IReadOnlyList<SpeakerIdentity> found = VoiceIdentifier.Identify(
            MadeVoices.Speakers(("SPEAKER_00", MadeVoices.Speech(random, 1, 8)), ("SPEAKER_01", MadeVoices.Speech(random, 7, 8)), ("SPEAKER_02", MadeVoices.Speech(random, 0, 8))), known);
        Assert.Equal(["Bob", null, "Ann"], found.Select(identity => identity.Name));
        Assert.Equal(["SPEAKER_00", "SPEAKER_01", "SPEAKER_02"], found.Select(identity => identity.Label));
        Assert.All(found, identity => Assert.Equal(identity.Name is not null, identity.FalseNames <= known.FalseNameRate));
        Assert.True(found[0].Score > 5 && found[0].Margin > 5 && found[1].Score < 0, string.Join(", ", found));
    }

    [Fact]
    public void Two_speakers_as_alike_to_one_voice_are_both_unknown()
    {
        var random = new Random(2);
        var known = new KnownVoices([MadeVoices.Profile(random, "Ann", 0)]);
        SpeakerGroup speech = MadeVoices.Speech(random, 0, 8);
        IReadOnlyList<SpeakerIdentity> found = VoiceIdentifier.Identify(MadeVoices.Speakers(("SPEAKER_00", speech), ("SPEAKER_01", speech.Copy())), known);
        Assert.All(found, identity => Assert.Null(identity.Name));
        Assert.All(found, identity => Assert.Equal(0, identity.Margin));
    }

    [Fact]
    public void Two_voices_of_one_person_give_no_name()
    {
        var random = new Random(3);
        VoiceProfile ann = MadeVoices.Profile(random, "Ann", 0);
        var same = new VoiceProfile(Guid.NewGuid(), "Anna", MadeVoices.Embedder, ann.Exemplars);
        Assert.Null(VoiceIdentifier.Identify(MadeVoices.Speakers(("SPEAKER_00", MadeVoices.Speech(random, 0, 8))), new KnownVoices([ann, same]))[0].Name);
    }

    [Fact]
    public void A_second_profile_of_one_person_is_noticed_and_one_of_another_person_is_not()
    {
        var random = new Random(4);
        VoiceProfile ann = MadeVoices.Profile(random, "Ann", 0);
        Assert.True(ann.IsLike(MadeVoices.Profile(random, "Anna", 0)));
        Assert.False(ann.IsLike(MadeVoices.Profile(random, "Bob", 1)));
        Assert.Throws<ArgumentException>(() => ann.IsLike(new VoiceProfile(Guid.NewGuid(), "Cid", "another-network/1", ann.Exemplars)));
    }

    [Fact]
    public void No_two_speakers_get_one_name_whoever_speaks()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            VoiceProfile[] profiles = [.. Enumerable.Range(0, random.Next(1, 8)).Select(number => MadeVoices.Profile(random, $"Voice {number}", random.Next(4), 5 + random.Next(20)))];
            SpeakerVoices speakers = MadeVoices.Speakers([.. Enumerable.Range(0, random.Next(1, 8)).Select(number => ($"SPEAKER_{number:00}", MadeVoices.Speech(random, random.Next(5), 1 + random.Next(10))))]);
            string[] names = [.. VoiceIdentifier.Identify(speakers, new KnownVoices(profiles, 0.1)).Select(identity => identity.Name).OfType<string>()];
            Assert.Equal(names.Distinct(), names);
        }
    }

    [Fact]
    public void More_known_voices_ask_for_more_likeness()
    {
        var random = new Random(4);
        SpeakerVoices speaker = MadeVoices.Speakers(("SPEAKER_00", MadeVoices.Speech(random, 0, 2)));
        VoiceProfile ann = MadeVoices.Profile(random, "Ann", 0);
        VoiceProfile[] others = [.. Enumerable.Range(1, 50).Select(number => MadeVoices.Profile(random, $"Voice {number}", number))];
        double alone = VoiceIdentifier.Identify(speaker, new KnownVoices([ann]))[0].FalseNames;
        Assert.Equal(51, VoiceIdentifier.Identify(speaker, new KnownVoices([ann, .. others]))[0].FalseNames / alone, 1e-6);
    }

    [Fact]
    public void Voices_of_another_network_are_refused()
    {
        var random = new Random(5);
        SpeakerVoices speaker = MadeVoices.Speakers(("SPEAKER_00", MadeVoices.Speech(random, 0, 5)));
        var other = new VoiceProfile(Guid.NewGuid(), "Ann", "another/1", MadeVoices.Profile(random, "Ann", 0).Exemplars);
        Assert.Throws<ArgumentException>(() => VoiceIdentifier.Identify(speaker, new KnownVoices([other])));
    }

    [Fact]
    public void An_exemplar_of_another_person_is_pointed_out()
    {
        var random = new Random(6);
        VoiceProfile ann = MadeVoices.Profile(random, "Ann", 0).With(MadeVoices.Profile(random, "Ann", 0)).With(MadeVoices.Profile(random, "Ann", 9));
        Assert.Equal([2], ann.UnusualExemplars());
        for (int more = 0; more < 30; more++)
        {
            ann = ann.With(MadeVoices.Profile(random, "Ann", 0));
        }

        Assert.Equal(VoiceProfile.MostExemplars, ann.Exemplars.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" Ann")]
    [InlineData("A\nB")]
    [InlineData("SPEAKER_03")]
    public void A_name_is_one_line_and_no_label(string name) => Assert.False(VoiceProfile.IsName(name));

    [Fact]
    public void A_likeness_says_more_the_more_was_said()
    {
        foreach (VoiceCalibration calibration in (VoiceCalibration[])[
            VoiceCalibration.Of(VoiceChannel.WideBand, VoiceChannel.WideBand), VoiceCalibration.Of(VoiceChannel.Telephone, VoiceChannel.Telephone), VoiceCalibration.Of(VoiceChannel.WideBand, VoiceChannel.Telephone)])
        {
            // What one person's speech of such lengths reaches.
            Assert.True(calibration.Compare(0.8, 15, 60).FalseNames < calibration.Compare(0.55, 2, 5).FalseNames);
            Assert.True(calibration.Compare(0.6, 2, 5).FalseNames < calibration.Compare(0.6, 15, 60).FalseNames);
            Assert.Equal(calibration.Deviations(0.6, 0.7), calibration.Deviations(0.6, 4));
            Assert.True(calibration.Compare(0.9, 5, 5).Score > calibration.Compare(0.3, 5, 5).Score);
            Assert.InRange(calibration.Compare(0.95, 15, 60).FalseNames, 0, 0.001);
            Assert.InRange(calibration.Compare(0.1, 15, 60).FalseNames, 0.05, 1);
        }
    }
}
