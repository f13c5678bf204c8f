using System.Text.Json;
using System.Text.Json.Serialization;
using Diarist.Audio;
using Diarist.Community1;
using Diarist.Networks.Nemotron3;
using Diarist.Networks.Pyannote;
using Diarist.Networks.Silero;
using Diarist.Networks.WeSpeaker;
using Diarist.Numerics;
using Diarist.Packs;
using Diarist.Segmentation;

namespace Diarist.Networks;

/// <summary>What a network should compute from a generated input.</summary>
/// <param name="Pack">The pack.</param>
/// <param name="Build">The SHA-256 of the build of its first file that the answer is of.</param>
/// <param name="From">What computed it.</param>
/// <param name="Tolerance">The largest difference that is accepted.</param>
/// <param name="Values">The answer.</param>
/// <param name="OtherBuilds">The largest difference that is accepted for other accepted builds, whose weights are rounded differently.</param>
internal sealed record KnownAnswer(string Pack, string Build, string From, double Tolerance, double[] Values, double OtherBuilds = 0);

/// <summary>An embedding that pyannote.audio computed: of the frames [a, b), [c, d), … of the window that starts so many seconds into a recording.</summary>
internal sealed record CapturedEmbedding(int Window, int[] Frames, double[] Values);

/// <summary>What pyannote.audio computed from a recording that is not part of Diarist.</summary>
/// <param name="Pack">The pack.</param>
/// <param name="From">What computed it.</param>
/// <param name="Cosine">The smallest cosine that is accepted.</param>
/// <param name="Audio">The SHA-256 of the recording's file.</param>
/// <param name="Windows">The embeddings.</param>
internal sealed record CapturedAnswer(string Pack, string From, double Cosine, string Audio, CapturedEmbedding[] Windows);

/// <summary>The file of known answers.</summary>
internal sealed record KnownAnswerFile(KnownAnswer[] Answers, CapturedAnswer Captured);

/// <summary>How far a network on this machine is from its known answer.</summary>
public sealed record KnownAnswerResult
{
    internal KnownAnswerResult(string pack, bool? holds, string summary) =>
        (Pack, Holds, Summary) =
        (pack, holds, summary);

    /// <summary>The pack.</summary>
    public string Pack { get; init; }

    /// <summary>Whether it is near enough; null when it was not compared.</summary>
    public bool? Holds { get; init; }

    /// <summary>The maximal error and its bound, or why nothing was compared.</summary>
    public string Summary { get; init; }
}

/// <summary>Runs networks on inputs whose answers are known: a pack with the right hash that computes the wrong thing is found as well.</summary>
public static class KnownAnswers
{
    private static readonly Lazy<KnownAnswerFile> Known = new(() =>
    {
        using Stream stream = PackCatalog.Resource("Diarist.Networks.known-answers.json");
        return JsonSerializer.Deserialize(stream, KnownAnswerJson.Default.KnownAnswerFile)!;
    });

    /// <summary>Compares a pack with its known answer.</summary>
    /// <param name="pack">The pack.</param>
    /// <param name="audio">The recording of which embeddings were captured, or null.</param>
    /// <param name="cancellationToken">Stops the networks.</param>
    /// <exception cref="PackException">A file of the pack is damaged.</exception>
    /// <exception cref="InputException">The recording is another one.</exception>
    public static KnownAnswerResult Check(LocatedPack pack, string? audio, CancellationToken cancellationToken)
    {
        string id = pack.Pack.Id;
        if (id == Known.Value.Captured.Pack)
        {
            return audio is null
                ? new KnownAnswerResult(id, null, "not compared: its known answers are embeddings of a recording that docs/packs.md names, and no recording was given")
                : CheckCaptured(Network.Embedder.Load(pack, Precision.FloatingPoint, 1), audio, cancellationToken);
        }

        if (id == Network.Nemotron3.Pack)
        {
            var check = ArithmeticCheck.Of(pack.PathOf(Network.Nemotron3.Files[0]), cancellationToken);
            return new KnownAnswerResult(
                id,
                check.Holds,
                $"mean difference {check.Mean:0.0e+00} over {check.Values} probabilities, bound {ArithmeticCheck.Bound}, largest {check.Largest:0.0e+00}, weights as integers against the same widened to float32;"
                + " no answer of NVIDIA's own program is known");
        }

        if (Known.Value.Answers.FirstOrDefault(answer => answer.Pack == id) is not { } known)
        {
            return new KnownAnswerResult(id, null, "not compared: no answer is known");
        }

        string build = pack.Variant(pack.Pack.Files[0].Name).Sha256;
        bool sameBuild = known.Build == build || known.Build == InsidePacks.SameNumbersAs(build);
        double bound = sameBuild ? known.Tolerance : known.OtherBuilds;
        double[] values = Network.All.First(network => network.Kind == pack.Pack.Network).ComputeAnswer(pack, cancellationToken)
            ?? throw new InvalidOperationException($"There is an answer for {pack.Pack.Network} and nothing that computes it.");
        double error = values.Zip(known.Values, (value, expected) => Math.Abs(value - expected)).Max();
        return new KnownAnswerResult(
            id,
            values.Length == known.Values.Length && error <= bound,
            $"maximal error {error:0.0e+00} over {known.Values.Length} values, bound {bound:0.0e+00}, against {known.From}{(sameBuild ? "" : " with another build of the weights")}");
    }

    // Every 19th frame of one window.
    internal static double[] Segmentation(PyanNet network, CancellationToken cancellationToken)
    {
        var all = new float[SlidingWindow.FramesPerWindow * Powerset.Classes];
        network.LogProbabilities(new WindowedAudio(KnownSignal.Speech(SlidingWindow.WindowSamples), 1, SlidingWindow.WindowSamples), all, cancellationToken);
        return [.. Enumerable.Range(0, 31).SelectMany(k => all.AsSpan((4 + (19 * k)) * Powerset.Classes, Powerset.Classes).ToArray()).Select(value => (double)value)];
    }

    // Every eighth step.
    internal static double[] Speech(SileroVad network, CancellationToken cancellationToken) =>
        [.. network.Probabilities(KnownSignal.Speech(SlidingWindow.WindowSamples), cancellationToken).Where((_, step) => step % 8 == 4).Select(value => (double)value)];

    // Four variances, and the sizes of 28 coordinates, whose signs are free.
    internal static double[] Transform(Plda plda)
    {
        var points = new PointSet(1, plda.InputDimension);
        KnownSignal.Numbers(plda.InputDimension).CopyTo(points[0]);
        double[] transformed = plda.Transform(points)[0].ToArray();
        return [.. plda.Phi.Take(4), .. transformed.Take(28).Select(Math.Abs)];
    }

    /// <summary>Compares an embedder with the embeddings that were captured.</summary>
    /// <exception cref="InputException">The recording is another one.</exception>
    internal static KnownAnswerResult CheckCaptured(WeSpeakerResNet34 network, string audio, CancellationToken cancellationToken)
    {
        CapturedAnswer captured = Known.Value.Captured;
        if (FileHash.Compute(audio) is var found && found != captured.Audio)
        {
            throw new InputException(audio, $"this is not the recording of the known answers: expected SHA-256 {captured.Audio}, found {found}.");
        }

        float[] samples = AudioReader.ReadMono(audio);
        double least = captured.Windows.Min(window => VectorMath.Cosine(window.Values, Embed(network, samples, window, cancellationToken)));
        return new KnownAnswerResult(
            captured.Pack, least >= captured.Cosine, $"smallest cosine {least:0.000000} over {captured.Windows.Length} embeddings, bound {captured.Cosine}, against {captured.From}");
    }

    private static double[] Embed(WeSpeakerResNet34 network, float[] samples, CapturedEmbedding window, CancellationToken cancellationToken)
    {
        var masks = new byte[SlidingWindow.FramesPerWindow];
        foreach (int[] run in window.Frames.Chunk(2))
        {
            masks.AsSpan(run[0]..run[1]).Fill(1);
        }

        var embeddings = new float[SlidingWindow.LocalSpeakers * network.Dimension];
        var audio = new WindowedAudio(samples.AsMemory(window.Window * SlidingWindow.SampleRate), 1, SlidingWindow.WindowSamples);
        network.Embed(audio, masks, embeddings, cancellationToken);
        return [.. embeddings.Take(network.Dimension).Select(value => (double)value)];
    }
}

/// <summary>Reads the file of known answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KnownAnswerFile))]
internal sealed partial class KnownAnswerJson : JsonSerializerContext;
