using Diarist.Attribution;
using Diarist.Audio;
using Diarist.Channels;
using Diarist.Tests.Support;
using Diarist.Transcripts;

namespace Diarist.Tests.Channels;

public sealed class ChannelDiarizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(-20, 0, 0)]
    [InlineData(-20, -12, 0)]
    [InlineData(-10, 0, 0.004)]
    [InlineData(-6, 3, 0)]
    [InlineData(-200, -6, 0)]
    public void Each_word_of_a_call_goes_to_its_side(double leak, double rightLevel, double delay)
    {
        SimulatedCall call = SimulatedCall.Create(["anna"], ["ben"], leak, rightLevel, delay);

        Diarization result = Diarize(call, speakersPerChannel: 1);

        Assert.Equal(["CH1", "CH2"], result.Speakers.Select(speaker => speaker.Label).Order(StringComparer.Ordinal));
        AssertRight(call, result.Turns);
        AssertRight(call, result.ExclusiveTurns, exclusive: true);
        AssertExclusive(result.ExclusiveTurns);
    }

    [Fact]
    public void Several_people_on_a_side_are_told_apart_there_and_leaks_count_once()
    {
        SimulatedCall call = SimulatedCall.Create(["anna", "rose"], ["ben"], leak: -20);

        Diarization result = Diarize(call, speakersPerChannel: null);

        AssertRight(call, result.Turns);
        Assert.Contains(result.Speakers, speaker => speaker.Label.StartsWith("CH1", StringComparison.Ordinal));
        Assert.Contains(result.Speakers, speaker => speaker.Label.StartsWith("CH2", StringComparison.Ordinal));
        Assert.Equal(result.Speakers.Count, result.Count.Found);
    }

    [Fact]
    public void A_channel_that_is_a_copy_is_left_out_with_a_warning()
    {
        SimulatedCall call = SimulatedCall.Create(["anna"], ["ben"], leak: 0);

        Diarization result = Diarize(call, speakersPerChannel: 1);

        Assert.Equal(["CH1"], result.Speakers.Select(speaker => speaker.Label));
        Assert.Contains("CH2 carries the same sound as CH1", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_need_labels_of_their_own()
    {
        var channel = new ChannelSource("A", () => AudioReader.Open(new MemoryStream(WavBytesOfSilence())));
        ChannelDiarizer diarizer = Load(1);

        Assert.Throws<ArgumentException>(() => diarizer.Diarize([]));
        Assert.Throws<ArgumentException>(() => diarizer.Diarize([channel, channel]));
        Assert.Empty(diarizer.Diarize([channel, channel with { Label = "B" }]).Turns);
    }

    private static byte[] WavBytesOfSilence() => Audio.WavBytes.Mono16(new short[16000]);

    private static ChannelDiarizer Load(int? speakersPerChannel) => new(Diarizer.Create(
        InsideNetworks.Store, ChannelDiarizer.OptionsFor(new DiarizerOptions { Step = 2 }, speakersPerChannel)));

    // Where both sides speak, the time of a word does not tell whose it is: there the right side's turn must be among those that hold it.
    private static void AssertRight(SimulatedCall call, IReadOnlyList<Turn> turns, bool exclusive = false)
    {
        IReadOnlyList<SpeakerChoice> choices = SpeakerAttribution.Assign(call.Words, turns, AttributionPolicy.Nearest with { WholeSentences = false });
        (int Right, int All) alone = (0, 0);
        (int Right, int All) overlapped = (0, 0);
        for (int i = 0; i < choices.Count; i++)
        {
            TimeRange word = call.Words[i].Range!.Value;
            string side = $"CH{call.Sides[i] + 1}";
            if (call.IsOverlapped(i))
            {
                bool held = turns.Where(turn => turn.Speaker.StartsWith(side, StringComparison.Ordinal)).Sum(turn => turn.Range.Overlap(word)) > word.Duration / 2;
                overlapped = (overlapped.Right + (held ? 1 : 0), overlapped.All + 1);
            }
            else
            {
                alone = (alone.Right + (choices[i].Speaker?.StartsWith(side, StringComparison.Ordinal) == true ? 1 : 0), alone.All + 1);
            }
        }

        Assert.True(alone.All > 150);
        Assert.InRange(alone.Right / (double)alone.All, 0.99, 1);
        if (!exclusive)
        {
            Assert.InRange(overlapped.Right / (double)overlapped.All, 0.75, 1);
            AssertRightByChannel(call, turns);
        }
    }

    // A recognizer that hears each channel by itself says which one it was: then every word can be told, said alone or not.
    private static void AssertRightByChannel(SimulatedCall call, IReadOnlyList<Turn> turns)
    {
        Word[] words = [.. call.Words.Select((word, i) => word with { Channel = call.Sides[i] + 1 })];
        int right = SpeakerAttribution.Assign(words, turns).Where((choice, i) => choice.Speaker?.StartsWith($"CH{call.Sides[i] + 1}", StringComparison.Ordinal) == true).Count();
        TestContext.Current.TestOutputHelper?.WriteLine($"{right} of {words.Length} words on the right side");

        // A side that is 12 dB quieter than the other is hardly louder than the leak where both talk.
        Assert.InRange(words.Length - right, 0, 2);
    }

    private static void AssertExclusive(IReadOnlyList<Turn> turns)
    {
        for (int i = 1; i < turns.Count; i++)
        {
            Assert.True(turns[i].Start >= turns[i - 1].End);
        }
    }

    private Diarization Diarize(SimulatedCall call, int? speakersPerChannel)
    {
        ChannelDiarizer diarizer = Load(speakersPerChannel);
        File.WriteAllBytes(_folder["call.wav"], call.ToWav());
        return diarizer.Diarize(ChannelDiarizer.ChannelsOf(_folder["call.wav"]), progress: null, TestContext.Current.CancellationToken);
    }
}
