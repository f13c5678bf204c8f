using Diarist.Inference;
using Diarist.Networks.Pyannote;
using Diarist.Packs;

namespace Diarist.Tests.Support;

/// <summary>The networks that come with the library, for tests that want real ones: they are on every machine.</summary>
internal static class InsideNetworks
{
    private static readonly Lazy<PyanNetWeights> PyanNetOnce = new(() => PyanNetWeights.Read(SafeTensors.Read(PathOf("pyannote-segmentation-3.0/segmentation-3.0.safetensors"))));

    /// <summary>A store that finds nothing else, whatever packs this machine has.</summary>
    public static PackStore Store { get; } = PackStore.Open(new PackStoreOptions
    {
        Environment = new PackEnvironment { Variable = _ => null, WorkingDirectory = () => Path.GetPathRoot(AppContext.BaseDirectory)! },
    });

    /// <summary>The weights of the segmentation network.</summary>
    public static PyanNetWeights PyanNet => PyanNetOnce.Value;

    /// <summary>The tensors of the embedder.</summary>
    public static Weights WeSpeaker() => SafeTensors.Read(PathOf("wespeaker-resnet34-lm/wespeaker_resnet34_lm.safetensors"));

    /// <summary>A file of <c>models/</c> in the repository, by the name that it has inside.</summary>
    public static string PathOf(string name) => Shared.InRepository("models/" + name);
}
