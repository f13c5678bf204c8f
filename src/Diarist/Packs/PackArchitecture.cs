using Diarist.Inference;
using Diarist.Networks.Pyannote;
using Diarist.Networks.Silero;
using Diarist.Networks.Voxsv;
using Diarist.Networks.WeSpeaker;

namespace Diarist.Packs;

/// <summary>A network that Diarist can run: what an imported file may be.</summary>
/// <param name="Network">The name that catalogues use.</param>
/// <param name="File">The file name under which the network is looked for in a pack.</param>
/// <param name="Load">Builds the network from a file, and so checks every shape.</param>
internal sealed record PackArchitecture(string Network, string File, Action<string> Load)
{
    /// <summary>All that one file makes; the PLDA takes two and comes with a mirror.</summary>
    public static IReadOnlyList<PackArchitecture> All { get; } =
    [
        new("pyannet", "segmentation-3.0.onnx", path => PyanNet.Load(path)),
        new("wespeaker-resnet34", "wespeaker_resnet34_lm.onnx", path => WeSpeakerResNet34.Load(path)),
        new("silero-vad", "silero_vad_16k.safetensors", path => SileroVad.Load(path)),
        new("voxsv-thinresnet", "voxsv-thinresnet.safetensors", path => VoxsvThinResNet.Load(path)),
    ];

    /// <summary>The network that a file makes.</summary>
    /// <exception cref="PackException">It makes none, or holds a number that is not finite.</exception>
    public static PackArchitecture Of(string path)
    {
        bool isSafeTensors = IsSafeTensors(path);
        RequireFinite(isSafeTensors ? SafeTensors.Read(path) : OnnxFile.Read(path).Constants);
        var reasons = new List<string>();
        foreach (PackArchitecture candidate in All.Where(candidate => candidate.File.EndsWith(".safetensors", StringComparison.Ordinal) == isSafeTensors))
        {
            try
            {
                candidate.Load(path);
                return candidate;
            }
            catch (PackException error)
            {
                string reason = error.Message.StartsWith(path, StringComparison.Ordinal) ? error.Message[path.Length..].TrimStart(':', ' ') : error.Message;
                reasons.Add($"not {candidate.Network}: {reason}");
            }
        }

        throw new PackException($"{path}: the file is of no network that Diarist runs ({string.Join("; ", reasons)}).");
    }

    // A safetensors file begins with the length of its header, which is JSON; an ONNX file with a protobuf tag.
    private static bool IsSafeTensors(string path)
    {
        Span<byte> start = stackalloc byte[9];
        using FileStream stream = System.IO.File.OpenRead(path);
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
