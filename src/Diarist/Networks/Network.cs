using Diarist.Community1;
using Diarist.Inference;
using Diarist.Networks.Nemotron3;
using Diarist.Networks.Pyannote;
using Diarist.Networks.Silero;
using Diarist.Networks.WeSpeaker;
using Diarist.Packs;

namespace Diarist.Networks;

/// <summary>A network that Diarist runs: where its weights are kept, how they are loaded, and what proves them.</summary>
/// <param name="Kind">The name of the architecture in catalogs.</param>
/// <param name="Pack">The identifier of the pack that holds the published weights.</param>
/// <param name="Files">The files of the pack that the network reads, the main one first.</param>
internal abstract record Network(string Kind, string Pack, params IReadOnlyList<string> Files)
{
    /// <summary>pyannote segmentation-3.0: who speaks in each frame of a 10 s window.</summary>
    public static Network<PyanNet> Segmentation { get; } = new("pyannet", "pyannote-segmentation-3.0", "segmentation-3.0.onnx")
    {
        Load = (pack, _, _) => pack.IsInside ? PyanNet.Load(Tensors(pack, "segmentation-3.0.safetensors")) : PyanNet.Load(pack.PathOf("segmentation-3.0.onnx")),
        Read = path => PyanNet.Load(path),
        Answer = KnownAnswers.Segmentation,
    };

    /// <summary>WeSpeaker ResNet34-LM: speaker embeddings.</summary>
    public static Network<WeSpeakerResNet34> Embedder { get; } = new("wespeaker-resnet34", "wespeaker-resnet34-lm", "wespeaker_resnet34_lm.onnx")
    {
        Load = (pack, precision, threads) => pack.IsInside
            ? WeSpeakerResNet34.Load(Tensors(pack, "wespeaker_resnet34_lm.safetensors"), new WeSpeakerOptions { Precision = precision, Threads = threads })
            : WeSpeakerResNet34.Load(pack.PathOf("wespeaker_resnet34_lm.onnx"), new WeSpeakerOptions { Precision = precision, Threads = threads }),
        Read = path => WeSpeakerResNet34.Load(path),
    };

    /// <summary>Silero VAD: the probability of speech.</summary>
    public static Network<SileroVad> VoiceActivity { get; } = new("silero-vad", "silero-vad-v6", "silero_vad_16k.safetensors")
    {
        Load = (pack, _, _) => pack.IsInside
            ? SileroVad.Load(Tensors(pack, "silero_vad_16k.safetensors"))
            : SileroVad.Load(pack.PathOf("silero_vad_16k.safetensors")),
        Read = path => SileroVad.Load(path),
        Answer = KnownAnswers.Speech,
    };

    /// <summary>The PLDA of community-1: the space in which VBx clusters embeddings.</summary>
    public static Network<Plda> Plda { get; } = new("plda", "pyannote-community-1-plda", "xvec_transform.npz", "plda.npz")
    {
        Load = (pack, _, _) => pack.IsInside
            ? Community1.Plda.Load(Arrays(pack, "xvec_transform.npz"), Arrays(pack, "plda.npz"))
            : Community1.Plda.Load(pack.PathOf("xvec_transform.npz"), pack.PathOf("plda.npz")),
        Answer = (plda, _) => KnownAnswers.Transform(plda),
    };

    /// <summary>Nemotron 3 Diarization: up to eight speakers every 10 ms, without clustering.</summary>
    public static Network<Nemotron3Network> Nemotron3 { get; } = new("nemotron3", "nemotron3-diarization", "Nemotron-3-Diarization.q8_0.gguf")
    {
        Load = (pack, precision, _) => Nemotron3Network.Load(
            pack.PathOf("Nemotron-3-Diarization.q8_0.gguf"),
            arithmetic: precision switch { Precision.FloatingPoint => Q8Arithmetic.Widened, Precision.EightBit => Q8Arithmetic.Integer, _ => Q8Arithmetic.Fastest }),
    };

    /// <summary>Every network.</summary>
    public static IReadOnlyList<Network> All { get; } = [Segmentation, Embedder, VoiceActivity, Plda, Nemotron3];

    /// <summary>Whether one file alone makes the network, so that a file from elsewhere can be imported as one.</summary>
    public abstract bool IsOneFile { get; }

    /// <summary>What the network of a pack computes from the generated input of its known answer; <see langword="null"/> when there is no such answer.</summary>
    /// <exception cref="PackException">A file of the pack is damaged.</exception>
    public abstract double[]? ComputeAnswer(LocatedPack pack, CancellationToken cancellationToken);

    /// <summary>The network that a file makes.</summary>
    /// <exception cref="PackException">It makes none, or holds a number that is not finite.</exception>
    public static Network Recognize(string path)
    {
        bool isSafeTensors = IsSafeTensors(path);
        RequireFinite(isSafeTensors ? SafeTensors.Read(path) : OnnxFile.Read(path).Constants);
        var reasons = new List<string>();
        foreach (Network candidate in All.Where(candidate => candidate.IsOneFile && candidate.Files[0].EndsWith(".safetensors", StringComparison.Ordinal) == isSafeTensors))
        {
            try
            {
                candidate.Check(path);
                return candidate;
            }
            catch (PackException error)
            {
                string reason = error.Message.StartsWith(path, StringComparison.Ordinal) ? error.Message[path.Length..].TrimStart(':', ' ') : error.Message;
                reasons.Add($"not {candidate.Kind}: {reason}");
            }
        }

        throw new PackException($"{path}: the file is of no network that Diarist runs ({string.Join("; ", reasons)}).");
    }

    /// <summary>Builds the network from a file, and so checks every shape.</summary>
    /// <exception cref="PackException">The file is of another network.</exception>
    protected abstract void Check(string path);

    private static Weights Tensors(LocatedPack inside, string file) => SafeTensors.Read(inside.Read(file), inside.NameOf(file));

    private static Npz Arrays(LocatedPack inside, string file) => Npz.Read(inside.Read(file), inside.NameOf(file));

    // A safetensors file begins with the length of its header, which is JSON; an ONNX file with a protobuf tag.
    private static bool IsSafeTensors(string path)
    {
        Span<byte> start = stackalloc byte[9];
        using FileStream stream = File.OpenRead(path);
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start[8] == '{';
    }

    private static void RequireFinite(Weights weights)
    {
        foreach (string name in weights.Names)
        {
            if (weights.TryGet(name, out Tensor<float>? tensor) && Array.FindIndex(tensor.Data, value => !float.IsFinite(value)) is >= 0 and var index)
            {
                throw weights.Error(name, $"holds {tensor.Data[index]} at element {index}; a network needs finite numbers");
            }
        }
    }
}

/// <summary>A network with its type.</summary>
/// <typeparam name="T">What runs it.</typeparam>
internal sealed record Network<T>(string Kind, string Pack, params IReadOnlyList<string> Files) : Network(Kind, Pack, Files)
{
    /// <summary>Loads the network from its pack, in an arithmetic where it has a choice, with at most so many threads.</summary>
    /// <exception cref="PackException">A file of the pack is damaged or of another network.</exception>
    public required Func<LocatedPack, Precision, int, T> Load { get; init; }

    /// <summary>Loads the network from a file outside any pack; <see langword="null"/> when one file does not make it.</summary>
    public Func<string, T>? Read { get; init; }

    /// <summary>Computes the known answer; <see langword="null"/> when there is none for a generated input.</summary>
    public Func<T, CancellationToken, double[]>? Answer { get; init; }

    public override bool IsOneFile => Read is not null;

    public override double[]? ComputeAnswer(LocatedPack pack, CancellationToken cancellationToken) => Answer?.Invoke(Load(pack, Precision.FloatingPoint, 1), cancellationToken);

    protected override void Check(string path) => Read!(path);
}
