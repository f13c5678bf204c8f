using System.Runtime.CompilerServices;

namespace Diarist.Packs;

/// <summary>The networks that come with the library, in the assembly Diarist.Models: used where no place has their packs.</summary>
internal static class InsidePacks
{
    private const string Origin = "models/ of Diarist";

    private static readonly InsideFile[] All =
    [
        new("pyannote-segmentation-3.0", "segmentation-3.0.safetensors", 2_950_474,
            "13e010a11ca571fbebc837055012cae51534780e996517ab39e5b0639d19658c",
            "5bbb237b767041a2e4016d9e6d08ed491fc532e64da5105706e9c27f99bc017d",
            "segmentation-3.0.onnx as mirrors carry it, stored in float16 without loss"),
        new("wespeaker-resnet34-lm", "wespeaker_resnet34_lm.safetensors", 6_869_268,
            "ca75ddf3a04c8edfd4edba16a90d8bb513d38e0f25aa399da0d3b71c639df42d",
            "a0c605d3a06b4a3c3be86bf491ccc8ef72abd28d7f4c7b1dc2030a7a2cf75b36",
            "wespeaker_resnet34_lm.onnx as mirrors carry it, stored with tables of values without loss"),
        new("silero-vad-v6", "silero_vad_16k.safetensors", 1_239_748,
            "c59271c284ae9c8335d795d60e0bfdb71aaaceec578d9bd9ffc1b8153c319ea1",
            "c59271c284ae9c8335d795d60e0bfdb71aaaceec578d9bd9ffc1b8153c319ea1",
            "snakers4/silero-vad src/silero_vad/data/"),
        new("pyannote-community-1-plda", "plda.npz", 133_852,
            "9b77bcd840692710dd3496f62ecfeed8d8e5f002fd991b785079b244eab7d255",
            "9b77bcd840692710dd3496f62ecfeed8d8e5f002fd991b785079b244eab7d255",
            "pyannote/speaker-diarization-community-1 plda/"),
        new("pyannote-community-1-plda", "xvec_transform.npz", 134_376,
            "325f1ce8e48f7e55e9c8aa47e05d2766b7c48c4b25b8de8dd751e7a4cc5fbe8f",
            "325f1ce8e48f7e55e9c8aa47e05d2766b7c48c4b25b8de8dd751e7a4cc5fbe8f",
            "pyannote/speaker-diarization-community-1 plda/"),
    ];

    /// <summary>Where they are found, after all folders.</summary>
    public static PackLevel Level { get; } = new(PackLevel.Inside, "");

    /// <summary>The pack of a name, or null when it does not come with the library.</summary>
    /// <param name="id">The name.</param>
    /// <param name="catalog">What is known of packs; an entry of the user that replaces a built-in one has nothing inside.</param>
    public static LocatedPack? Find(string id, PackCatalog catalog)
    {
        PackDescription? pack = PackCatalog.BuiltIn.Find(id);
        if (pack is null || !ReferenceEquals(pack, catalog.Find(id)))
        {
            return null;
        }

        PackFile[] files =
        [
            .. All.Where(file => file.Pack == id).Select(file => new PackFile
            {
                Name = file.Name,
                Variants = [new PackFileVariant { Sha256 = file.Sha256, Bytes = file.Bytes, Source = file.Source, Revision = Origin }],
            }),
        ];
        return files.Length == 0 ? null : new LocatedPack(pack with { Files = files, Attribution = Attribution(pack) }, Level);
    }

    /// <summary>The build of a pack's file, as a SHA-256, whose numbers a file inside has; null for any other file.</summary>
    public static string? SameNumbersAs(string sha256) => Array.Find(All, file => file.Sha256 == sha256)?.Build;

    /// <summary>The bytes of a file, where they lie in memory. Their hash is the caller's to check.</summary>
    /// <exception cref="PackException">The assembly or the file in it is missing.</exception>
    public static ReadOnlyMemory<byte> Read(string id, string file)
    {
        try
        {
            return Open($"{id}/{file}").Memory;
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            throw new PackException($"{id}: the network inside cannot be read: {error.Message} The assembly Diarist.Models must be that of this version of Diarist.", error);
        }
    }

    // Apart, so that an assembly that is missing is found out inside the try.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ResourceMemory Open(string name) => new(Models.ModelFiles.Open(name));

    private static string Attribution(PackDescription pack) => pack.Id == "wespeaker-resnet34-lm"
        ? pack.Attribution + "; layers 2 to 4 and seg_1 rounded to 8 bits a tensor (moonshine-voice 0.1.0, MIT, Copyright (c) 2025 Moonshine AI), stored as safetensors"
        : pack.Attribution;

    /// <summary>A file of Diarist.Models.</summary>
    /// <param name="Pack">Its pack.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Bytes">Its length.</param>
    /// <param name="Sha256">Its hash; nothing else is ever used.</param>
    /// <param name="Build">The hash of the pack's file that it was made from, and whose numbers it has.</param>
    /// <param name="Source">Where it comes from.</param>
    private sealed record InsideFile(string Pack, string Name, long Bytes, string Sha256, string Build, string Source);
}
