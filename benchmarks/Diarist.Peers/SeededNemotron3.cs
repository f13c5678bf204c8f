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
        GgufWriter writer = new GgufWriter().Nemotron3Keys();
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
