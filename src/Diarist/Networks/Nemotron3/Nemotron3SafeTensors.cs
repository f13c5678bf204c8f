using System.Text.Json;
using Diarist.Inference;
using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>Gives the values of a tensor, by the name that transformers has for it.</summary>
internal delegate float[] TensorReader(string name, ReadOnlySpan<int> shape);

/// <summary>
/// The network in the safetensors of transformers: float32, with query, key and value apart and other names. The file does not state the number of heads and
/// the constants of the cache: they come from the <c>config.json</c> beside it where there is one, else they are those of the published network.
/// </summary>
internal sealed class Nemotron3SafeTensors : INemotron3Source
{
    private readonly TensorReader _read;

    /// <summary>Reads a file.</summary>
    /// <exception cref="PackException">It cannot be read, is damaged, or holds another network.</exception>
    public Nemotron3SafeTensors(string path)
    {
        Weights weights = SafeTensors.Read(path);
        _read = (name, shape) => weights.Get(name, shape).Data;
        string config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "config.json");
        Configuration = File.Exists(config) ? ReadConfiguration(config) : new Nemotron3Configuration();
        Configuration.Check(path);
    }

    /// <summary>Takes tensors from somewhere else.</summary>
    public Nemotron3SafeTensors(TensorReader read, Nemotron3Configuration configuration)
    {
        _read = read;
        Configuration = configuration;
    }

    /// <inheritdoc/>
    public Nemotron3Configuration Configuration { get; }

    /// <inheritdoc/>
    public float[] FilterBank { get; } = Nemotron3FrontEnd.SlaneyBank();

    /// <inheritdoc/>
    public float[] Values(string name, params ReadOnlySpan<int> shape) => _read(Translate(name), shape);

    /// <inheritdoc/>
    public LinearLayer Linear<V>(string name, int inputs, int outputs, bool bias)
        where V : unmanaged, ILanes<V>
    {
        float[] biases = bias ? Values(name + ".bias", outputs) : [];
        if (!name.EndsWith("attn.w_qkv", StringComparison.Ordinal))
        {
            float[] values = Values(name + ".weight", outputs, inputs);
            return new FloatLinear<V>(inputs, outputs, (k, n) => values[(n * inputs) + k], biases);
        }

        int part = outputs / 3;
        string attention = Translate(name)[..^"attn.w_qkv".Length] + "self_attn.";
        float[][] parts = [.. "qkv".Select(letter => _read($"{attention}{letter}_proj.weight", [part, inputs]))];
        return new FloatLinear<V>(inputs, outputs, (k, n) => parts[n / part][(n % part * inputs) + k], biases);
    }

    /// <summary>The name that transformers has for a tensor.</summary>
    internal static string Translate(string name)
    {
        (string Gguf, string Transformers)[] names =
        [
            ("encoder.pre_encode.proj", "model.audio_tower.embedder.projection"), ("encoder.embed_norm", "model.audio_tower.input_layer_norm"),
            ("encoder.final_norm", "model.audio_tower.layer_norm"), ("encoder.layers.", "model.audio_tower.layers."),
            (".norm1.", ".layer_norm1."), (".norm2.", ".layer_norm2."), (".attn.out_proj", ".self_attn.o_proj"),
            (".ffn.net.0", ".mlp.fc1"), (".ffn.net.3", ".mlp.fc2"), ("encoder_proj", "model.proj"), ("subpixel_upsample", "model.upsampler.conv"),
            ("head.first_hidden_to_hidden", "classifier.dense"), ("head.single_hidden_to_spks", "classifier.out_proj"), ("learnable_sil_emb", "silence_embeds"),
        ];
        return names.Aggregate(name, (text, pair) => text.Replace(pair.Gguf, pair.Transformers, StringComparison.Ordinal));
    }

    private static Nemotron3Configuration ReadConfiguration(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(WeightsFile.ReadAllBytes(path));
            JsonElement root = document.RootElement, audio = root.GetProperty("audio_config"), streaming = root.GetProperty("streaming_config");
            return new Nemotron3Configuration
            {
                Hidden = audio.GetProperty("hidden_size").GetInt32(),
                Layers = audio.GetProperty("num_hidden_layers").GetInt32(),
                Heads = audio.GetProperty("num_attention_heads").GetInt32(),
                FeedForward = audio.GetProperty("intermediate_size").GetInt32(),
                RotaryBase = audio.GetProperty("rope_parameters").GetProperty("rope_theta").GetDouble(),
                HeadHidden = root.GetProperty("head_config").GetProperty("hidden_size").GetInt32(),
                CacheFrames = streaming.GetProperty("speaker_cache_length").GetInt32(),
                SilencePerSpeaker = streaming.GetProperty("speaker_cache_silence_frames_per_speaker").GetInt32(),
                ScoreFloor = streaming.GetProperty("prediction_score_threshold").GetDouble(),
                LatestBoost = streaming.GetProperty("latest_frames_score_boost").GetDouble(),
                StrongBoostRate = streaming.GetProperty("strong_boost_rate").GetDouble(),
                WeakBoostRate = streaming.GetProperty("weak_boost_rate").GetDouble(),
                MinimumPositiveRate = streaming.GetProperty("min_positive_scores_rate").GetDouble(),
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new PackException($"{path}: is not a configuration of a Nemotron 3 diarization network ({error.Message.ReplaceLineEndings(" ")})", error);
        }
    }
}
