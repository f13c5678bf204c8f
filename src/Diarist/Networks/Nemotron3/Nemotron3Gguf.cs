using Diarist.Inference;
using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>
/// The network in a GGUF file of the architecture <c>sortformer</c>, version <c>v3</c>. Its Q8_0 matrices stay where they are in the mapped file;
/// tensors that the network does not use are let be.
/// </summary>
internal sealed class Nemotron3Gguf : INemotron3Source
{
    private readonly GgufFile _file;
    private readonly Q8Arithmetic _arithmetic;

    /// <summary>Opens a file and checks that it is this network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arithmetic">How its Q8_0 products are computed.</param>
    /// <exception cref="PackException">It cannot be read, is damaged, or holds another network.</exception>
    public Nemotron3Gguf(string path, Q8Arithmetic arithmetic)
    {
        _file = GgufFile.Open(path);
        _arithmetic = arithmetic;
        Expect("general.architecture", "sortformer");
        Expect("sortformer.version", "v3");
        Expect("encoder.type", "transformer_rope");
        Expect("preprocessor.normalize", "NA");
        Expect("num_speakers", Nemotron3Configuration.Speakers);
        Expect("encoder.feat_in", Nemotron3Configuration.MelBands);
        Expect("encoder.subsampling_factor", Nemotron3Configuration.RowsPerFrame);
        Expect("upsample_factor", Nemotron3Configuration.RowsPerFrame);
        Expect("preprocessor.sample_rate", 16000);
        Expect("preprocessor.n_fft", 512);
        Expect("preprocessor.window_size", 0.025);
        Expect("preprocessor.window_stride", 0.01);
        Expect("preprocessor.preemph", 0.97);
        Expect("encoder.rotary_fraction", 1);
        Expect("encoder.qkv_bias", false);
        Expect("encoder.qk_norm", false);
        Expect("encoder.pre_block_norm", true);
        Expect("encoder.xscaling", false);
        Expect("learnable_silence", true);
        Configuration = new Nemotron3Configuration
        {
            Hidden = Size("encoder.d_model"),
            Layers = Size("encoder.n_layers"),
            Heads = Size("encoder.n_heads"),
            FeedForward = Size("encoder.d_ff"),
            HeadHidden = Size("transformer.hidden_size"),
            CacheFrames = Size("streaming.spkcache_len"),
            RotaryBase = Number("encoder.rope_base"),
            SilencePerSpeaker = Size("scoring.spkcache_sil_frames_per_spk"),
            ScoreFloor = Number("scoring.pred_score_threshold"),
            LatestBoost = Number("scoring.scores_boost_latest"),
            StrongBoostRate = Number("scoring.strong_boost_rate"),
            WeakBoostRate = Number("scoring.weak_boost_rate"),
            MinimumPositiveRate = Number("scoring.min_pos_scores_rate"),
        };
        Configuration.Check(path);
        FilterBank = Values("preprocessor.fb", Nemotron3Configuration.MelBands, Nemotron3FrontEnd.Bins);
    }

    /// <inheritdoc/>
    public Nemotron3Configuration Configuration { get; }

    /// <inheritdoc/>
    public float[] FilterBank { get; }

    /// <inheritdoc/>
    public float[] Values(string name, params ReadOnlySpan<int> shape) => _file.ToSingles(_file.Require(name, shape, GgufType.Float32, GgufType.Float16));

    /// <inheritdoc/>
    public LinearLayer Linear<V>(string name, int inputs, int outputs, bool bias)
        where V : unmanaged, ILanes<V>
    {
        float[] biases = bias ? Values(name + ".bias", outputs) : [];
        GgufTensor weight = _file.Require(name + ".weight", [outputs, inputs], GgufType.Float32, GgufType.Float16, GgufType.Q8);
        if (weight.Type == GgufType.Q8)
        {
            return Q8Layers.Create<V>(new Q8Weights(_file, weight, biases), _arithmetic);
        }

        float[] values = _file.ToSingles(weight);
        return new FloatLinear<V>(inputs, outputs, (k, n) => values[(n * inputs) + k], biases);
    }

    private static string Key(string name) => name.Contains("general.", StringComparison.Ordinal) || name.StartsWith("sortformer.", StringComparison.Ordinal) ? name : "sortformer." + name;

    private int Size(string name) => _file.Integer(Key(name), 0, 1 << 20);

    private double Number(string name) => _file.Number(Key(name));

    private void Expect(string name, string value) => Expect(name, _file.Text(Key(name)) == value, _file.Text(Key(name)), value);

    private void Expect(string name, bool value) => Expect(name, _file.Flag(Key(name)) == value, _file.Flag(Key(name)), value);

    private void Expect(string name, double value) => Expect(name, Math.Abs(Number(name) - value) <= 1e-6 * Math.Abs(value), Number(name), value);

    private void Expect(string name, bool holds, object found, object expected)
    {
        if (!holds)
        {
            throw new PackException(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{_file.Path}: the key '{Key(name)}' is {found} where this network has {expected}; the file belongs to another network or version."));
        }
    }
}
