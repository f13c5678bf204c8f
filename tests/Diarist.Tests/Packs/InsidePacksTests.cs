using System.Security.Cryptography;
using Diarist.Community1;
using Diarist.Inference;
using Diarist.Models;
using Diarist.Networks.Pyannote;
using Diarist.Networks.WeSpeaker;
using Diarist.Packs;
using Diarist.Tests.Support;

namespace Diarist.Tests.Packs;

public sealed class InsidePacksTests : IDisposable
{
    private static readonly string[] Ids = ["pyannote-segmentation-3.0", "wespeaker-resnet34-lm", "silero-vad-v6", "pyannote-community-1-plda"];

    private readonly PackMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Every_file_of_the_models_folder_is_inside_with_the_hash_that_is_required()
    {
        PackStore store = _machine.Open();
        string[] files = [.. Ids.SelectMany(id => store.Require(id).Pack.Files.Select(file => $"{id}/{file.Name}")).Order(StringComparer.Ordinal)];
        Assert.Equal(files, ModelFiles.Names);
        foreach (LocatedPack pack in Ids.Select(store.Require))
        {
            Assert.True(pack.IsInside);
            Assert.Equal((PackLevel.Inside, ""), (pack.Source, pack.Folder));
            foreach (PackFile file in pack.Pack.Files)
            {
                byte[] stored = File.ReadAllBytes(Shared.InRepository($"models/{pack.Pack.Id}/{file.Name}"));
                Assert.Equal(pack.Variant(file.Name).Sha256, Convert.ToHexStringLower(SHA256.HashData(stored)));
                Assert.Equal(file.Variants[0].Bytes, stored.Length);
                Assert.True(pack.Read(file.Name).Span.SequenceEqual(stored));
                Assert.Contains(pack.Variant(file.Name).Sha256, File.ReadAllText(Shared.InRepository($"models/{pack.Pack.Id}/README.md")));
            }
        }
    }

    [Fact]
    public void A_pack_in_a_folder_comes_before_the_one_inside()
    {
        _machine.Write("mirror/silero-vad-v6/silero_vad_16k.safetensors", [1]);
        PackStore store = _machine.Open(Path.Combine(_machine.Root, "mirror"));
        Assert.Equal([PackLevel.Explicit, PackLevel.Inside], store.FindAll("silero-vad-v6").Select(pack => pack.Source));
        Assert.Equal(PackLevel.Explicit, store.Require("silero-vad-v6").Source);
        Assert.Equal("inside", store.Require("wespeaker-resnet34-lm").Source);
    }

    [Fact]
    public void A_pack_that_the_user_s_catalog_replaces_has_nothing_inside()
    {
        PackDescription own = PackCatalog.BuiltIn.Find("silero-vad-v6")! with { Replaces = true, Title = "my own" };
        PackStore store = _machine.Open(null, _machine.Catalog(own));
        Assert.Null(store.Find("silero-vad-v6"));
        Assert.NotNull(store.Find("wespeaker-resnet34-lm"));
    }

    [Fact]
    public void What_is_inside_has_no_path_and_says_whose_rounding_it_carries()
    {
        LocatedPack pack = _machine.Open().Require("wespeaker-resnet34-lm");
        Assert.Contains("inside", Assert.Throws<InvalidOperationException>(() => pack.PathOf("wespeaker_resnet34_lm.safetensors")).Message);
        Assert.Contains("WeSpeaker authors", pack.Pack.Attribution);
        Assert.Contains("Copyright (c) 2025 Moonshine AI", pack.Pack.Attribution);
        Assert.Throws<ArgumentException>(() => pack.Variant("wespeaker_resnet34_lm.onnx"));
    }

    [Fact]
    public void Inside_is_neither_pulled_over_nor_exported()
    {
        PackStore store = _machine.Open();
        using var downloader = new PackDownloader(store);
        Assert.Equal(Ids.Order(), downloader.Plan(Ids).Packs.Select(pack => pack.Id).Order());
        Assert.Contains("inside the library", Assert.ThrowsAny<PackException>(() => { new PackExporter(store).ExportAsync(_machine.Root, ["silero-vad-v6"], default).GetAwaiter().GetResult(); }).Message);
    }

    [Fact]
    public void The_weights_inside_are_those_of_the_mirror_to_the_last_bit()
    {
        string packs = Shared.Require("packs");
        LocatedPack inside = _machine.Open().Require("pyannote-segmentation-3.0");
        PyanNetWeights one = PyanNetWeights.Read(SafeTensors.Read(inside.Read("segmentation-3.0.safetensors"), "inside"));
        OnnxGraph segmentation = OnnxFile.Read(Path.Combine(packs, "pyannote-segmentation-3.0", "segmentation-3.0.onnx"));
        Assert.Equal([1, 1, -1], segmentation.Inputs.Single().Shape);
        Assert.Equal([50], segmentation.Constants.Get("/sincnet/conv1d.0/Constant_1_output_0").Data);
        PyanNetWeights other = PyanNetWeights.Read(segmentation);
        AssertSame(Arrays(one), Arrays(other));

        inside = _machine.Open().Require("wespeaker-resnet34-lm");
        var tensors = new ResNetTensors(SafeTensors.Read(inside.Read("wespeaker_resnet34_lm.safetensors"), "inside"));
        var graph = new ResNetGraph(OnnxFile.Read(Path.Combine(packs, "wespeaker-resnet34-lm", "wespeaker_resnet34_lm.onnx")));
        AssertSame(Arrays(tensors), Arrays(graph));
        Assert.Equal(Layers(tensors).Select(Shape), Layers(graph).Select(Shape));
    }

    [Fact]
    public void The_plda_inside_is_read()
    {
        LocatedPack inside = _machine.Open().Require("pyannote-community-1-plda");
        Plda plda = Plda.Load(Npz.Read(inside.Read("xvec_transform.npz"), "transform"), Npz.Read(inside.Read("plda.npz"), "plda"));
        Assert.Equal((256, 128), (plda.InputDimension, plda.Dimension));
    }

    private static void AssertSame(IEnumerable<float[]> one, IEnumerable<float[]> other)
    {
        float[][] left = [.. one], right = [.. other];
        Assert.Equal(left.Length, right.Length);
        for (int i = 0; i < left.Length; i++)
        {
            Assert.Equal(Array.ConvertAll(left[i], BitConverter.SingleToInt32Bits), Array.ConvertAll(right[i], BitConverter.SingleToInt32Bits));
        }
    }

    private static IEnumerable<float[]> Arrays(PyanNetWeights weights) =>
    [
        weights.Filters,
        .. weights.Norms.Prepend(weights.WaveformNorm).SelectMany(norm => (float[][])[norm.Scale, norm.Bias]),
        .. weights.Convolutions.Concat(weights.Linears).SelectMany(layer => (float[][])[layer.Weight, layer.Bias]),
        .. weights.Lstms.SelectMany(layer => (float[][])[layer.Input.Widened(), layer.Recurrent.Widened(), layer.Bias]),
    ];

    private static IEnumerable<float[]> Arrays(IResNetLayers layers)
    {
        (StoredTensor weights, float[] bias) = layers.Linear(5120, 256);
        return [weights.Widened(), bias, .. Layers(layers).SelectMany(layer => (float[][])[layer.Weights.Widened(), layer.Bias])];
    }

    private static IEnumerable<ResNetLayer> Layers(IResNetLayers layers) =>
        layers.Blocks.SelectMany(block => (ResNetLayer?[])[block.First, block.Second, block.Shortcut]).Prepend(layers.Stem).OfType<ResNetLayer>();

    private static (int, int, int, int) Shape(ResNetLayer layer) => (layer.Outputs, layer.Inputs, layer.Kernel, layer.Stride);
}
