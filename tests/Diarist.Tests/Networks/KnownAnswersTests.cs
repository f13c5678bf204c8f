using System.Runtime.InteropServices;
using Diarist.Inference;
using Diarist.Networks;
using Diarist.Networks.Pyannote;
using Diarist.Packs;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks;

public class KnownAnswersTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("pyannote-segmentation-3.0")]
    [InlineData("pyannote-community-1-plda")]
    [InlineData("silero-vad-v6")]
    public void The_networks_inside_compute_what_is_known(string id)
    {
        KnownAnswerResult result = KnownAnswers.Check(InsideNetworks.Store.Require(id), null, TestContext.Current.CancellationToken);
        output.WriteLine($"{id}: {result.Summary}");
        Assert.True(result.Holds, result.Summary);
    }

    [Fact]
    public void The_answer_tells_a_changed_network_from_one_whose_weights_are_only_rounded_differently()
    {
        Weights weights = SafeTensors.Read(InsideNetworks.PathOf("pyannote-segmentation-3.0/segmentation-3.0.safetensors"));
        double[] right = KnownAnswers.Segmentation(PyanNet.Load(weights), default);
        double rounded = Error(right, Math.Pow(2, -11));
        double changed = Error(right, Math.Pow(2, -4));
        output.WriteLine($"weights changed by up to 2^-11: maximal error {rounded:0.0e+00}; by up to 2^-4: {changed:0.0e+00}");
        Assert.InRange(rounded, 3e-4, 0.5);
        Assert.InRange(changed, 0.5, double.PositiveInfinity);

        double Error(double[] expected, double most)
        {
            var random = new Random(1);
            var changed = new Weights("changed");
            foreach (string name in weights.Names)
            {
                // The time axis and the window of the sinc filters are formulas, the same in every build.
                Assert.True(weights.TryGet(name, out Tensor<float>? tensor));
                foreach (ref float value in tensor.Shape is [.., SincFilters.Half] ? [] : tensor.Data.AsSpan())
                {
                    value *= (float)(1 + (most * ((2 * random.NextDouble()) - 1)));
                }

                changed.Add(name, [.. tensor.Shape.Select(extent => (long)extent)], ElementType.Float32, MemoryMarshal.AsBytes(tensor.Data.AsSpan()));
            }

            double[] found = KnownAnswers.Segmentation(PyanNet.Load(changed), default);
            return found.Zip(expected, (one, other) => Math.Abs(one - other)).Max();
        }
    }

    [Fact]
    public void Without_the_recording_the_embeddings_are_not_compared_and_that_is_said()
    {
        using var machine = new PackMachine();
        machine.Write("mirror/wespeaker-resnet34-lm/wespeaker_resnet34_lm.onnx", [1]);
        LocatedPack pack = machine.Open(Path.Combine(machine.Root, "mirror")).Require("wespeaker-resnet34-lm");
        KnownAnswerResult result = KnownAnswers.Check(pack, null, default);
        Assert.Null(result.Holds);
        Assert.Contains("recording", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_weights_than_those_of_the_captures_do_not_pass()
    {
        string audio = Shared.Require("parity/rec02/audio.wav");
        KnownAnswerResult result = KnownAnswers.CheckCaptured(SeededWeSpeaker.Embedder, audio, TestContext.Current.CancellationToken);
        output.WriteLine($"seeded random weights: {result.Summary}");
        Assert.False(result.Holds);
    }

    [Fact]
    public void Another_recording_is_refused()
    {
        using var machine = new PackMachine();
        InputException error = Assert.Throws<InputException>(() => KnownAnswers.CheckCaptured(SeededWeSpeaker.Embedder, machine.Write("other.wav", "x"), default));
        Assert.Contains("not the recording", error.Message, StringComparison.Ordinal);
    }
}
