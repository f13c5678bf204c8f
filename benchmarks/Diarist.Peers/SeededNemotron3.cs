using Diarist.Inference.Kernels;
using Diarist.Networks.Nemotron3;
using Diarist.Tests.Support;

namespace Diarist.Peers;

/// <summary>
/// The Nemotron 3 network at its true size with seeded random weights, a seed for each tensor's name: the published weights cannot be had
/// where the comparisons are run, and speed does not depend on them.
/// </summary>
internal sealed class SeededNemotron3 : INemotron3Source
{
    private readonly Dictionary<string, int[]> _shapes = [];

    /// <inheritdoc/>
    public Nemotron3Configuration Configuration { get; } = new();

    /// <inheritdoc/>
    public float[] FilterBank { get; } = Nemotron3FrontEnd.SlaneyBank();

    /// <summary>Where the wanted frames begin in what a step of a profile looks at, once cache and FIFO are full.</summary>
    public static int FirstWanted(Nemotron3Profile profile) => new Nemotron3Configuration().CacheFrames + profile.Fifo;

    /// <summary>Frames that a step of a profile looks at, once cache and FIFO are full.</summary>
    public static int Frames(Nemotron3Profile profile) => FirstWanted(profile) + profile.Chunk + profile.LookAhead;

    /// <summary>Frame vectors to run a step on.</summary>
    public static float[] Input(Nemotron3Profile profile) => Random("input", Frames(profile) * new Nemotron3Configuration().Hidden, 2);

    /// <inheritdoc/>
    public float[] Values(string name, params ReadOnlySpan<int> shape)
    {
        _shapes[name] = shape.ToArray();
        int length = 1;
        foreach (int extent in shape)
        {
            length *= extent;
        }

        bool matrix = shape.Length > 1;
        float[] values = Random(name, length, matrix ? 1 / MathF.Sqrt(length / shape[0]) : 0.1f);
        if (!matrix && name.EndsWith(".weight", StringComparison.Ordinal))
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i]++;
            }
        }

        return values;
    }

    /// <inheritdoc/>
    public LinearLayer Linear<V>(string name, int inputs, int outputs, bool bias)
        where V : unmanaged, ILanes<V>
    {
        float[] weights = Values(name + ".weight", outputs, inputs);
        return new FloatLinear<V>(inputs, outputs, (input, output) => weights[(output * inputs) + input], bias ? Values(name + ".bias", outputs) : []);
    }

    /// <summary>The network as a GGUF file with the matrices of the encoder in Q8_0.</summary>
    public byte[] Gguf()
    {
        Nemotron3Layers.Bind<Lanes4>(this);
        GgufWriter writer = new GgufWriter().Key("general.architecture", "sortformer").Key("sortformer.version", "v3");
        foreach ((string key, object value) in new (string, object)[]
        {
            ("encoder.type", "transformer_rope"), ("preprocessor.normalize", "NA"), ("num_speakers", 8), ("encoder.feat_in", 128), ("encoder.subsampling_factor", 8),
            ("upsample_factor", 8), ("preprocessor.sample_rate", 16000), ("preprocessor.n_fft", 512), ("preprocessor.window_size", 0.025), ("preprocessor.window_stride", 0.01),
            ("preprocessor.preemph", 0.97), ("encoder.rotary_fraction", 1.0), ("encoder.qkv_bias", false), ("encoder.qk_norm", false), ("encoder.pre_block_norm", true),
            ("encoder.xscaling", false), ("learnable_silence", true), ("encoder.d_model", 512), ("encoder.n_layers", 31), ("encoder.n_heads", 8), ("encoder.d_ff", 2048),
            ("transformer.hidden_size", 192), ("streaming.spkcache_len", 264), ("encoder.rope_base", 10000.0), ("scoring.spkcache_sil_frames_per_spk", 1),
            ("scoring.pred_score_threshold", 0.25), ("scoring.scores_boost_latest", 0.05), ("scoring.strong_boost_rate", 0.75), ("scoring.weak_boost_rate", 1.5), ("scoring.min_pos_scores_rate", 0.5),
        })
        {
            writer.Key("sortformer." + key, value);
        }

        writer.Tensor("preprocessor.fb", [128, 257], "F32", FilterBank);
        foreach ((string name, int[] shape) in _shapes.ToArray())
        {
            bool q8 = shape.Length == 2 && !name.StartsWith("head.", StringComparison.Ordinal);
            writer.Tensor(name, shape, q8 ? "Q8_0" : shape.Length == 3 ? "F16" : "F32", Values(name, shape));
        }

        return writer.ToArray();
    }

    private static float[] Random(string name, int length, float scale)
    {
        int seed = 17;
        foreach (char letter in name)
        {
            seed = unchecked((seed * 31) + letter);
        }

        Random random = new(seed & int.MaxValue);
        float[] values = new float[length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() - 0.5f) * scale;
        }

        return values;
    }
}
