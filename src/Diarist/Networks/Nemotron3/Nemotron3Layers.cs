using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>One layer of the encoder.</summary>
/// <param name="Norm1">Before the attention.</param>
/// <param name="QueryKeyValue">Hidden values to queries, keys and values.</param>
/// <param name="Output">After the attention.</param>
/// <param name="Norm2">Before the feed-forward part.</param>
/// <param name="Widen">Its first layer, followed by GELU.</param>
/// <param name="Narrow">Its second layer.</param>
internal sealed record Nemotron3Layer(
    Normalization Norm1, LinearLayer QueryKeyValue, LinearLayer Output, Normalization Norm2, LinearLayer Widen, LinearLayer Narrow);

/// <summary>All weights of a network, bound to the kernels that run them.</summary>
internal sealed class Nemotron3Layers
{
    private Nemotron3Layers(Nemotron3Configuration configuration) => Configuration = configuration;

    /// <summary>The sizes.</summary>
    public Nemotron3Configuration Configuration { get; }

    /// <summary>Eight mel rows side by side to the vector of a frame.</summary>
    public required LinearLayer PreEncode { get; init; }

    /// <summary>Before the first layer.</summary>
    public required Normalization EmbedNorm { get; init; }

    /// <summary>The layers of the encoder.</summary>
    public required Nemotron3Layer[] Layers { get; init; }

    /// <summary>After the last layer.</summary>
    public required Normalization FinalNorm { get; init; }

    /// <summary>From the encoder to the head.</summary>
    public required LinearLayer Projection { get; init; }

    /// <summary>The convolution over three frames, whose results are the eight sub-frames of the middle one.</summary>
    public required LinearLayer Upsample { get; init; }

    /// <summary>A sub-frame's hidden layer.</summary>
    public required LinearLayer Dense { get; init; }

    /// <summary>A sub-frame's speakers.</summary>
    public required LinearLayer Classifier { get; init; }

    /// <summary>What stands for silence in the speaker cache.</summary>
    public required float[] Silence { get; init; }

    /// <summary>Binds the tensors of a file.</summary>
    /// <exception cref="PackException">A tensor is missing, or its type or shape is another.</exception>
    public static Nemotron3Layers Bind<V>(INemotron3Source source)
        where V : unmanaged, ILanes<V>
    {
        Nemotron3Configuration c = source.Configuration;
        const int rows = Nemotron3Configuration.RowsPerFrame;
        float[] taps = source.Values("subpixel_upsample.weight", rows * c.HeadHidden, c.HeadHidden, 3);
        return new Nemotron3Layers(c)
        {
            Silence = source.Values("learnable_sil_emb", c.Hidden),
            PreEncode = source.Linear<V>("encoder.pre_encode.proj", rows * Nemotron3Configuration.MelBands, c.Hidden, bias: false),
            EmbedNorm = Norm("encoder.embed_norm"),
            Layers = [.. Enumerable.Range(0, c.Layers).Select(i => Layer($"encoder.layers.{i}"))],
            FinalNorm = Norm("encoder.final_norm"),
            Projection = source.Linear<V>("encoder_proj", c.Hidden, c.HeadHidden, bias: true),
            Upsample = new FloatLinear<V>(
                3 * c.HeadHidden,
                rows * c.HeadHidden,
                (k, n) => taps[(((n * c.HeadHidden) + (k % c.HeadHidden)) * 3) + (k / c.HeadHidden)],
                source.Values("subpixel_upsample.bias", rows * c.HeadHidden)),
            Dense = source.Linear<V>("head.first_hidden_to_hidden", c.HeadHidden, c.HeadHidden, bias: true),
            Classifier = source.Linear<V>("head.single_hidden_to_spks", c.HeadHidden, Nemotron3Configuration.Speakers, bias: true),
        };

        Normalization Norm(string name) => new(source.Values(name + ".weight", c.Hidden), source.Values(name + ".bias", c.Hidden));

        Nemotron3Layer Layer(string name) => new(
            Norm(name + ".norm1"),
            source.Linear<V>(name + ".attn.w_qkv", c.Hidden, 3 * c.Hidden, bias: false),
            source.Linear<V>(name + ".attn.out_proj", c.Hidden, c.Hidden, bias: true),
            Norm(name + ".norm2"),
            source.Linear<V>(name + ".ffn.net.0", c.Hidden, c.FeedForward, bias: true),
            source.Linear<V>(name + ".ffn.net.3", c.FeedForward, c.Hidden, bias: true));
    }
}
