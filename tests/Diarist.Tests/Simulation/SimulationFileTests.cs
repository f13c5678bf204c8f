using Diarist.Audio;
using Diarist.Formats;
using Diarist.Simulation;
using Diarist.Tests.Support;

namespace Diarist.Tests.Simulation;

public sealed class SimulationFileTests
{
    private static readonly SimulationOptions Dry = new() { LevelSpreadDb = 0 };

    [Fact]
    public void A_script_is_followed_to_the_millisecond()
    {
        using TemporaryFolder folder = Recordings();
        File.WriteAllText(folder["talk.tsv"], "speaker\tgap\taudio\ttext\nann\t0.4\ta.wav\tone two\nbob\t-0.25\tb.wav\tthree\n\nann\t1\ta.wav\tfour\n");

        SimulatedConversation conversation = ConversationScript.Render(folder["talk.tsv"], Dry);

        // Each recording has 0.3 s of silence, 1 s of voice and 0.2 s of silence.
        Assert.Equal([new Utterance(0.4, 1.4, "ann", "one two"), new Utterance(1.15, 2.15, "bob", "three"), new Utterance(3.15, 4.15, "ann", "four")], conversation.Utterances);
        Assert.Equal([new Turn(0.4, 1.4, "ann"), new Turn(1.15, 2.15, "bob"), new Turn(3.15, 4.15, "ann")], conversation.Turns);
        Assert.Equal(0.25 / 2.75, conversation.OverlapShare, 9);
        Assert.Equal("talk", conversation.Name);
        double level = 10 * Math.Log10(conversation.Samples[(int)(3.15 * 16000)..(int)(4.15 * 16000)].Average(sample => (double)sample * sample));
        Assert.Equal(Dry.LevelDb, level, 0.01);
    }

    [Theory]
    [InlineData("speaker\tgap\taudio\nann\t0\ta.wav\n", "line 1: there is no column 'text'")]
    [InlineData("speaker\tgap\taudio\ttext\nann\t0\ta.wav\n", "line 2: 3 fields instead of 4")]
    [InlineData("speaker\tgap\taudio\ttext\nann\tsoon\ta.wav\tx\n", "line 2: 'soon' in column 'gap' is not a number")]
    [InlineData("speaker\tgap\taudio\ttext\nann\t-1\ta.wav\tx\n", "line 2: a gap of -1 s")]
    [InlineData("speaker\tgap\taudio\ttext\nann\t0\ta.wav\tx\nann\t-0.1\tb.wav\ty\n", "line 3: a gap of -0.1 s lets ann begin")]
    [InlineData("speaker\tgap\taudio\ttext\nann\t0\tsilence.wav\tx\n", "line 2: there is no speech in silence.wav")]
    [InlineData("speaker\tgap\taudio\ttext\nann\t0\tnone.wav\tx\n", "there is no such file")]
    public void Mistakes_in_a_script_are_named_with_their_line(string script, string problem)
    {
        using TemporaryFolder folder = Recordings();
        File.WriteAllText(folder["talk.tsv"], script);

        Assert.Contains(problem, Assert.ThrowsAny<InputException>(() => ConversationScript.Render(folder["talk.tsv"], Dry)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_hold_what_memory_held()
    {
        using TemporaryFolder folder = Recordings();
        SimulatedConversation conversation = new ConversationSimulator(new SimulationOptions { Duration = 12, SignalToNoiseDb = 20 }, Voices.Of(4)).Create(2);

        foreach (string format in (string[])["flac", "wav"])
        {
            conversation.Save(folder["."], format);
            Assert.Equal(conversation.Samples, AudioReader.ReadMono(folder[$"sim-1-0002.{format}"]));
        }

        using StreamReader rttm = File.OpenText(folder["sim-1-0002.rttm"]);
        IReadOnlyList<Turn> turns = Assert.Single(Rttm.Read(rttm, "rttm")).Turns;
        Assert.Equal(conversation.Turns.Select(turn => (Math.Round(turn.Start, 3), Math.Round(turn.End, 3), turn.Speaker)), turns.Select(turn => (Math.Round(turn.Start, 3), Math.Round(turn.End, 3), turn.Speaker)));
        using StreamReader stm = File.OpenText(folder["sim-1-0002.stm"]);
        Assert.Equal(conversation.Utterances.Count, Assert.Single(Stm.Read(stm, "stm")).Utterances.Count);
    }

    [Fact]
    public void Recordings_are_found_by_table_by_subfolder_and_by_name()
    {
        using TemporaryFolder folder = Recordings();
        File.Copy(folder["a.wav"], folder["7-1.wav"]);
        Directory.CreateDirectory(folder["carl"]);
        File.Copy(folder["a.wav"], folder["carl/x.wav"]);

        Assert.Equal(["7", "a", "b", "carl", "silence"], UtteranceCatalog.Read(folder["."]).Select(utterance => utterance.Speaker).Order());

        File.WriteAllText(folder["index.tsv"], "utt\tspeaker\ttext\na\tann\thello\nb\tbob\t\n");
        File.WriteAllText(folder["speech_regions.tsv"], "utt\tstart\tend\na\t0.5\t0.75\na\t0.3\t0.4\n");
        IReadOnlyList<SourceUtterance> utterances = UtteranceCatalog.Read(folder["."]);
        Assert.Equal([("ann", "hello"), ("bob", "")], utterances.Select(utterance => (utterance.Speaker, utterance.Text)));
        Assert.Equal([new SampleRange(4800, 6400), new SampleRange(8000, 12000)], utterances[0].ToMemory().Speech);
        Assert.Equal([new SampleRange(4800, 20800)], utterances[1].ToMemory().Speech);

        File.WriteAllText(folder["index.tsv"], "utt\tspeaker\nnone\tann\n");
        Assert.Contains("line 2: there is no", Assert.Throws<AnnotationFormatException>(() => UtteranceCatalog.Read(folder["."])).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => UtteranceCatalog.Read(folder["none.tsv"]));
    }

    [Fact]
    public void The_sample_is_what_its_truth_says()
    {
        string sample = Path.Combine(Shared.Repository, "samples", "conversation");
        float[] samples = AudioReader.ReadMono(sample + ".flac");
        using StreamReader reader = File.OpenText(sample + ".rttm");
        RecordingTurns truth = Assert.Single(Rttm.Read(reader, "conversation.rttm"));

        Assert.Equal("conversation", truth.Recording);
        Assert.InRange(samples.Length / 16000.0, 60, 120);
        Assert.InRange(new FileInfo(sample + ".flac").Length, 0, 1_500_000);
        Assert.Equal(4, truth.Turns.Select(turn => turn.Speaker).Distinct().Count());

        double Power(TimeRange range) => samples[(int)Math.Round(range.Start * 16000)..(int)Math.Round(range.End * 16000)].Average(value => (double)value * value);
        double end = 0;
        foreach (Turn turn in truth.Turns)
        {
            if (turn.Start - end > 0.1)
            {
                // Between turns there is only noise, 40 dB below speech.
                double below = 10 * Math.Log10(Power(turn.Range) / Power(new TimeRange(end + 0.02, turn.Start - 0.02)));
                Assert.InRange(below, 20, 60);
            }

            end = Math.Max(end, turn.End);
        }
    }

    private static TemporaryFolder Recordings()
    {
        var folder = new TemporaryFolder();
        var random = new Random(2);
        foreach (string name in (string[])["a", "b", "silence"])
        {
            using AudioWriter writer = AudioWriter.Create(folder[name + ".wav"], 16000);
            writer.Write(new float[4800]);
            writer.Write((float[])[.. Enumerable.Range(0, 16000).Select(_ => name == "silence" ? 0 : random.NextSingle() - 0.5f)]);
            writer.Write(new float[3200]);
            writer.Complete();
        }

        return folder;
    }
}
