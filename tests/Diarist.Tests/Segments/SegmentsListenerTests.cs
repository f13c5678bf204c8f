using Diarist.Audio;
using Diarist.Networks.Pyannote;
using Diarist.Networks.WeSpeaker;
using Diarist.Pipeline;
using Diarist.Segments;
using Diarist.Tests.Support;

namespace Diarist.Tests.Segments;

/// <summary>The networks of the recipe from audio: the prototype's vectors, whatever the threads.</summary>
public class SegmentsListenerTests(ITestOutputHelper output)
{
    private static readonly Lazy<(PyanNet, WeSpeakerResNet34)> Networks = new(() => (
        new PyanNet(InsideNetworks.PyanNet), WeSpeakerResNet34.Load(InsideNetworks.WeSpeaker())));

    private static readonly Lazy<float[]> Sample = new(() => AudioReader.ReadMono(Shared.InRepository("samples/conversation.flac")));

    [Fact]
    public void Pieces_and_their_vectors_are_the_prototype_s_from_the_audio()
    {
        var known = KnownAnswer.Load("rec02");
        HeardSpeech heard = Listen(2, AudioReader.ReadMono(Shared.Require("parity/rec02/audio.wav")), step: 2);
        Assert.Equal(known.Integers("count"), heard.Counts.Select(count => (int)count).ToArray());
        Assert.Equal(known.Pieces("pieces"), heard.Pieces.Pieces);
        Assert.Equal(known.Pieces("fine_pieces"), heard.FinePieces.Pieces);
        double least = Math.Min(Least(known.Vectors(""), heard.Pieces), Least(known.Vectors("fine_"), heard.FinePieces));
        output.WriteLine($"smallest cosine {least:0.000000}");

        // The mean of 30 s is that of the prototype's minute; 8-bit activations differ a little.
        Assert.InRange(least, Networks.Value.Item2.Precision == Precision.FloatingPoint ? 0.999 : 0.97, 1.000001);
    }

    [Fact]
    public void The_warm_up_goes_through_all_stages_and_finds_speech()
    {
        Diarization heard = SegmentsWarmUp.Run(Networks.Value.Item2, new DiarizerOptions());
        Assert.NotEmpty(heard.Turns);
        Assert.NotNull(heard.Evidence);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        float[] audio = Sample.Value[..(30 * 16_000)];
        HeardSpeech one = Listen(1, audio, step: 2), three = Listen(3, audio, step: 2);
        Assert.NotEqual(0, one.Pieces.Count);
        Assert.Equal(one.Counts, three.Counts);
        Assert.Equal(one.Pieces.Pieces, three.Pieces.Pieces);
        Assert.Equal(one.Pieces.Seconds, three.Pieces.Seconds);
        for (int piece = 0; piece < one.Pieces.Count; piece++)
        {
            Assert.Equal(one.Pieces[piece].ToArray(), three.Pieces[piece].ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(401)]
    [InlineData(16_000)]
    [InlineData(480_240)]
    public void Recordings_of_any_length_end(int samples)
    {
        float[] audio = Sample.Value[..samples];
        HeardSpeech heard = Listen(2, audio, step: 10);
        Assert.Equal(samples / 16000.0, heard.Duration);
        SegmentsResult result = SegmentsClustering.Run(heard, SegmentsParameters.Default, SpeakerBounds.None, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(heard.Counts.Any(count => count > 0), result.Frames.Seconds.Sum() > 0);
    }

    private static HeardSpeech Listen(int threads, float[] audio, double step)
    {
        int position = 0;
        var listener = new SegmentsListener(Networks.Value.Item1, Networks.Value.Item2, SegmentsParameters.Default, step, threads, new StageClock(null));
        return listener.Run(
            samples =>
            {
                int count = Math.Min(samples.Length, audio.Length - position);
                audio.AsSpan(position, count).CopyTo(samples);
                position += count;
                return count;
            },
            null,
            TestContext.Current.CancellationToken);
    }

    private static double Least(PieceVectors expected, PieceVectors actual)
    {
        double least = 1;
        for (int piece = 0; piece < expected.Count; piece++)
        {
            Assert.Equal(expected.Voiced[piece], actual.Voiced[piece]);
            if (expected.Voiced[piece])
            {
                least = Math.Min(least, expected[piece].ToArray().Zip(actual[piece].ToArray(), (a, b) => (double)a * b).Sum());
            }
        }

        return least;
    }
}
