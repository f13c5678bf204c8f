using Diarist.Audio;
using Diarist.Inference;
using Diarist.Networks.Nemotron3;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>
/// The small network of the captures, its weights made here by the formulas of the captures' README, so that tests of anything but
/// its numbers need no file. <see cref="Nemotron3SmallTests"/> holds it to the captured file.
/// </summary>
internal static class SmallNetwork
{
    private const ulong Seed = 11;
    private const int Hidden = 64, FeedForward = 256, LayerCount = 3, HeadHidden = 32;

    private static readonly Nemotron3Configuration Configuration = new() { Hidden = Hidden, Layers = LayerCount, Heads = 4, FeedForward = FeedForward, HeadHidden = HeadHidden, CacheFrames = 48 };
    private static readonly float[] SpeakerBiases = [-6.01f, 2.89f, -1.32f, -12.59f, 18.24f, -15.19f, -16.28f, -11.64f];
    private static readonly Lazy<Dictionary<string, GeneratedTensor>> Made = new(() => Describe().Select(Make).ToDictionary(tensor => tensor.Name));
    private static readonly Lazy<Nemotron3Network> InFloat = new(() => Nemotron3Network.Create(new Nemotron3SafeTensors((name, shape) => Made.Value[name].Values(shape), Configuration)));
    private static readonly Lazy<float[]> Samples = new(() => AudioReader.ReadMono(Shared.InRepository("samples/conversation.flac"))[..(60 * 16000)]);

    /// <summary>The network in float32.</summary>
    public static Nemotron3Network Float => InFloat.Value;

    /// <summary>The first minute of the sample.</summary>
    public static float[] Audio => Samples.Value;

    /// <summary>Its tensors by the names of transformers.</summary>
    public static IReadOnlyDictionary<string, GeneratedTensor> Tensors => Made.Value;

    /// <summary>The network as a GGUF file in Q8_0, with the keys that the published file has; one key or tensor may be changed.</summary>
    /// <param name="key">A key that gets another value.</param>
    /// <param name="value">That value.</param>
    /// <param name="without">A tensor that is left out.</param>
    public static GgufWriter Gguf(string? key = null, object? value = null, string? without = null)
    {
        var writer = new GgufWriter();
        foreach ((string name, object kept) in Keys)
        {
            writer.Key(name, name == key ? value! : kept);
        }

        foreach ((string name, int[] shape, string type) in GgufTensors().Where(tensor => tensor.Name != without))
        {
            writer.Tensor(name, shape, type, ValuesOf(name));
        }

        return writer;
    }

    /// <summary>The tensors of the GGUF file: name, shape and type.</summary>
    public static IEnumerable<(string Name, int[] Shape, string Type)> GgufTensors()
    {
        yield return ("preprocessor.fb", [Nemotron3Configuration.MelBands, Nemotron3FrontEnd.Bins], "F32");
        yield return ("learnable_sil_emb", [Hidden], "F32");
        yield return ("encoder.pre_encode.proj.weight", [Hidden, 1024], "Q8_0");
        yield return ("encoder.embed_norm.weight", [Hidden], "F32");
        yield return ("encoder.embed_norm.bias", [Hidden], "F32");
        for (int layer = 0; layer < LayerCount; layer++)
        {
            string prefix = $"encoder.layers.{layer}.";
            yield return (prefix + "attn.w_qkv.weight", [3 * Hidden, Hidden], "Q8_0");
            yield return (prefix + "attn.out_proj.weight", [Hidden, Hidden], "Q8_0");
            yield return (prefix + "attn.out_proj.bias", [Hidden], "F32");
            yield return (prefix + "norm1.weight", [Hidden], "F32");
            yield return (prefix + "norm1.bias", [Hidden], "F32");
            yield return (prefix + "ffn.net.0.weight", [FeedForward, Hidden], "Q8_0");
            yield return (prefix + "ffn.net.0.bias", [FeedForward], "F32");
            yield return (prefix + "ffn.net.3.weight", [Hidden, FeedForward], "Q8_0");
            yield return (prefix + "ffn.net.3.bias", [Hidden], "F32");
            yield return (prefix + "norm2.weight", [Hidden], "F32");
            yield return (prefix + "norm2.bias", [Hidden], "F32");
        }

        yield return ("encoder.final_norm.weight", [Hidden], "F32");
        yield return ("encoder.final_norm.bias", [Hidden], "F32");
        yield return ("encoder_proj.weight", [HeadHidden, Hidden], "Q8_0");
        yield return ("encoder_proj.bias", [HeadHidden], "F32");
        yield return ("subpixel_upsample.weight", [8 * HeadHidden, HeadHidden, 3], "F16");
        yield return ("subpixel_upsample.bias", [8 * HeadHidden], "F32");
        yield return ("head.first_hidden_to_hidden.weight", [HeadHidden, HeadHidden], "F32");
        yield return ("head.first_hidden_to_hidden.bias", [HeadHidden], "F32");
        yield return ("head.single_hidden_to_spks.weight", [Nemotron3Configuration.Speakers, HeadHidden], "F32");
        yield return ("head.single_hidden_to_spks.bias", [Nemotron3Configuration.Speakers], "F32");
    }

    /// <summary>The keys that a reader of the file looks at.</summary>
    private static (string Name, object Value)[] Keys =>
    [
        ("general.architecture", "sortformer"), ("general.name", "small"), ("sortformer.version", "v3"),
        ("sortformer.encoder.type", "transformer_rope"), ("sortformer.encoder.d_model", Hidden), ("sortformer.encoder.n_layers", LayerCount),
        ("sortformer.encoder.n_heads", 4), ("sortformer.encoder.d_ff", FeedForward), ("sortformer.encoder.subsampling_factor", 8),
        ("sortformer.encoder.feat_in", 128), ("sortformer.encoder.xscaling", false), ("sortformer.encoder.qkv_bias", false),
        ("sortformer.encoder.qk_norm", false), ("sortformer.encoder.pre_block_norm", true), ("sortformer.encoder.rope_base", 10000f),
        ("sortformer.encoder.rotary_fraction", 1f), ("sortformer.transformer.hidden_size", HeadHidden), ("sortformer.num_speakers", 8),
        ("sortformer.upsample_factor", 8), ("sortformer.learnable_silence", true), ("sortformer.preprocessor.sample_rate", 16000),
        ("sortformer.preprocessor.window_size", 0.025f), ("sortformer.preprocessor.window_stride", 0.01f), ("sortformer.preprocessor.n_fft", 512),
        ("sortformer.preprocessor.normalize", "NA"), ("sortformer.preprocessor.preemph", 0.97f), ("sortformer.scoring.spkcache_sil_frames_per_spk", 1),
        ("sortformer.scoring.pred_score_threshold", 0.25f), ("sortformer.scoring.scores_boost_latest", 0.05f), ("sortformer.scoring.strong_boost_rate", 0.75f),
        ("sortformer.scoring.weak_boost_rate", 1.5f), ("sortformer.scoring.min_pos_scores_rate", 0.5f), ("sortformer.streaming.spkcache_len", 48),
    ];

    private static float[] ValuesOf(string name)
    {
        if (name == "preprocessor.fb")
        {
            return Nemotron3FrontEnd.SlaneyBank();
        }

        string translated = Nemotron3SafeTensors.Translate(name);
        return translated.EndsWith("attn.w_qkv.weight", StringComparison.Ordinal)
            ? [.. "qkv".SelectMany(letter => Values($"{translated[..^"attn.w_qkv.weight".Length]}self_attn.{letter}_proj.weight"))]
            : Values(translated);

        static float[] Values(string tensor) => Made.Value[tensor].Values(Made.Value[tensor].Shape);
    }

    /// <summary>The tensors in the order of their numbers, with the gain of each.</summary>
    private static IEnumerable<(string Name, int[] Shape, double Gain)> Describe()
    {
        const string tower = "model.audio_tower.";
        yield return ("silence_embeds", [Hidden], 0.8);
        yield return (tower + "embedder.projection.weight", [Hidden, 1024], 0.3);
        yield return (tower + "input_layer_norm.weight", [Hidden], 0.2);
        yield return (tower + "input_layer_norm.bias", [Hidden], 0.1);
        for (int layer = 0; layer < LayerCount; layer++)
        {
            string prefix = $"{tower}layers.{layer}.";
            yield return (prefix + "self_attn.q_proj.weight", [Hidden, Hidden], 2);
            yield return (prefix + "self_attn.k_proj.weight", [Hidden, Hidden], 2);
            yield return (prefix + "self_attn.v_proj.weight", [Hidden, Hidden], 1);
            yield return (prefix + "self_attn.o_proj.weight", [Hidden, Hidden], 1);
            yield return (prefix + "self_attn.o_proj.bias", [Hidden], 0.1);
            yield return (prefix + "layer_norm1.weight", [Hidden], 0.2);
            yield return (prefix + "layer_norm1.bias", [Hidden], 0.1);
            yield return (prefix + "mlp.fc1.weight", [FeedForward, Hidden], 1.5);
            yield return (prefix + "mlp.fc1.bias", [FeedForward], 0.2);
            yield return (prefix + "mlp.fc2.weight", [Hidden, FeedForward], 1.2);
            yield return (prefix + "mlp.fc2.bias", [Hidden], 0.1);
            yield return (prefix + "layer_norm2.weight", [Hidden], 0.2);
            yield return (prefix + "layer_norm2.bias", [Hidden], 0.1);
        }

        yield return (tower + "layer_norm.weight", [Hidden], 0.2);
        yield return (tower + "layer_norm.bias", [Hidden], 0.1);
        yield return ("model.proj.weight", [HeadHidden, Hidden], 1.5);
        yield return ("model.proj.bias", [HeadHidden], 0.1);
        yield return ("model.upsampler.conv.weight", [8 * HeadHidden, HeadHidden, 3], 0.15);
        yield return ("model.upsampler.conv.bias", [8 * HeadHidden], 0.1);
        yield return ("classifier.dense.weight", [HeadHidden, HeadHidden], 1.5);
        yield return ("classifier.dense.bias", [HeadHidden], 0.1);
        yield return ("classifier.out_proj.weight", [Nemotron3Configuration.Speakers, HeadHidden], 8);
        yield return ("classifier.out_proj.bias", [Nemotron3Configuration.Speakers], 0.1);
    }

    /// <summary>A tensor is uniform in ±gain · √(3 / inputs), vectors in ±gain; weights of norms are around 1.</summary>
    private static GeneratedTensor Make((string Name, int[] Shape, double Gain) tensor, int index)
    {
        int inputs = tensor.Shape.Length > 1 ? tensor.Shape[1..].Aggregate(1, (product, extent) => product * extent) : 3;
        bool norm = tensor.Name.Contains("norm", StringComparison.Ordinal) && tensor.Name.EndsWith("weight", StringComparison.Ordinal);
        float[] offsets = tensor.Name == "classifier.out_proj.bias" ? SpeakerBiases : norm ? [1] : [0];
        return new GeneratedTensor(tensor.Name, index, tensor.Shape, (float)(tensor.Gain * Math.Sqrt(3.0 / inputs)), offsets, [], Seed, HeadHidden);
    }
}
