using Diarist.Community1;
using Diarist.Embedding;
using Diarist.Networks.Pyannote;
using Diarist.Networks.Silero;
using Diarist.Networks.Voxsv;
using Diarist.Networks.WeSpeaker;
using Diarist.Packs;

namespace Diarist.Pipeline;

/// <summary>The networks that a set of options needs, loaded.</summary>
internal sealed class DiarizerNetworks
{
    private const string WeSpeaker = "wespeaker";
    private const string Voxsv = "voxsv";
    private const string SegmentationPack = "pyannote-segmentation-3.0";
    private const string WeSpeakerPack = "wespeaker-resnet34-lm";
    private const string VoxsvPack = "voxsv-thinresnet";
    private const string PldaPack = "pyannote-community-1-plda";
    private const string VadPack = "silero-vad-v6";

    private DiarizerNetworks(ISpeakerEmbedder embedder, IReadOnlyList<LocatedPack> packs) => (Embedder, Packs) = (embedder, packs);

    /// <summary>Finds local speakers; not loaded for <see cref="Recipes.VadAhc"/>.</summary>
    public PyanNet? Segmentation { get; private init; }

    /// <summary>Finds speech; loaded for <see cref="Recipes.VadAhc"/> only.</summary>
    public SileroVad? Vad { get; private init; }

    public ISpeakerEmbedder Embedder { get; }

    /// <summary>Loaded for <see cref="Recipes.Community1"/> only.</summary>
    public Plda? Plda { get; private init; }

    /// <summary>All that were loaded, for attribution.</summary>
    public IReadOnlyList<LocatedPack> Packs { get; }

    /// <summary>Fills in what the options leave open: WeSpeaker with community-1 when its pack is there, else voxsv with its own recipe.</summary>
    /// <exception cref="ArgumentException">There is no such embedder, or the recipe does not go with it.</exception>
    public static DiarizerOptions Resolve(PackStore store, DiarizerOptions options)
    {
        string embedder = options.Embedder ?? (options.Recipe is Recipes.Community1 or Recipes.Segments || store.Find(WeSpeakerPack) is not null || store.Find(VoxsvPack) is null ? WeSpeaker : Voxsv);
        if (embedder is not (WeSpeaker or Voxsv))
        {
            throw new ArgumentException($"There is no embedder '{embedder}'; there are wespeaker and voxsv.");
        }

        string recipe = options.Recipe ?? (embedder == WeSpeaker ? Recipes.Segments : Recipes.SmallEmbedder);
        if (recipe is Recipes.Community1 or Recipes.Segments && embedder != WeSpeaker)
        {
            throw new ArgumentException($"The recipe {recipe} needs the embedder wespeaker; {embedder} goes with {Recipes.SmallEmbedder}.");
        }

        return options with { Recipe = recipe, Embedder = embedder, Threads = ThreadCount(options.Threads) };
    }

    /// <summary>The packs that resolved options need: what finds speakers or speech, the embedder, and the PLDA for community-1.</summary>
    public static IReadOnlyList<string> PackIds(DiarizerOptions options)
    {
        string first = options.Recipe == Recipes.VadAhc ? VadPack : SegmentationPack;
        string embedder = options.Embedder == WeSpeaker ? WeSpeakerPack : VoxsvPack;
        return options.Recipe == Recipes.Community1 ? [first, embedder, PldaPack] : [first, embedder];
    }

    public static DiarizerNetworks Load(PackStore store, DiarizerOptions options)
    {
        IReadOnlyList<LocatedPack> packs = store.RequireAll(PackIds(options));
        bool vad = options.Recipe == Recipes.VadAhc;
        bool wespeaker = options.Embedder == WeSpeaker;
        ISpeakerEmbedder embedder = wespeaker
            ? WeSpeakerResNet34.Load(packs[1].PathOf("wespeaker_resnet34_lm.onnx"), new WeSpeakerOptions { Windows = options.EmbeddingWindows })
            : VoxsvThinResNet.Load(packs[1].PathOf("voxsv-thinresnet.safetensors"));
        return new DiarizerNetworks(embedder, packs)
        {
            Vad = vad ? SileroVad.Load(packs[0].PathOf("silero_vad_16k.safetensors")) : null,
            Segmentation = vad ? null : PyanNet.Load(packs[0].PathOf("segmentation-3.0.onnx")),
            Plda = packs.Count > 2 ? LoadPlda(packs[2]) : null,
        };
    }

    public static Plda LoadPlda(LocatedPack pack) => Plda.Load(pack.PathOf("xvec_transform.npz"), pack.PathOf("plda.npz"));

    /// <summary>One thread for each processor unless a number was given.</summary>
    public static int ThreadCount(int threads) => threads > 0 ? threads : Environment.ProcessorCount;
}
