using System.Text;

namespace Diarist.TestSupport;

/// <summary>
/// Writes tiny Whisper models in whisper.cpp's ggml form, with the dimensions of OpenAI's tiny model in everything that its loader tells models
/// apart by, and generated weights. Such a model does not hear: after the prompt it says <see cref="Script"/>, whatever it is given.
/// </summary>
/// <remarks>
/// How it is made to say that: layers add next to nothing (seeded weights near zero). The text position p has a large component p, which
/// survives the last normalization, and the embedding of the token that is to follow p has the same component; so it gets the largest product.
/// </remarks>
public static class WhisperModelWriter
{
    private const int Width = 96;
    private const int Heads = 6;
    private const int Layers = 4;
    private const int AudioPositions = 1500;
    private const int TextPositions = 448;
    private const int MelBands = 80;
    private const int SpectrumBins = 201;

    // Tokens of a model of several languages, as whisper.cpp numbers them.
    private const int Vocabulary = 51865;
    private const int EndOfText = 50257;
    private const int StartOfTranscript = 50258;
    private const int German = 50261;
    private const int TimeZero = 50364;

    /// <summary>What the model says again and again, a segment from 0.2 to 1.0 s and one from 1.0 to 1.8 s; <c>é</c> is spread over two tokens.</summary>
    public static IReadOnlyList<string> Script { get; } = ["Wer hat", "gesagt, café"];

    /// <summary>The language that the model takes every recording for.</summary>
    public const string Language = "de";

    // Text tokens by number; the others have no text.
    private static readonly (int Id, byte[] Text)[] Texts =
    [
        (1, Encoding.UTF8.GetBytes(" Wer")), (2, Encoding.UTF8.GetBytes(" hat")), (3, Encoding.UTF8.GetBytes(" gesagt")), (4, ","u8.ToArray()),
        (5, Encoding.UTF8.GetBytes(" caf")), (6, [0xC3]), (7, [0xA9]), (220, " "u8.ToArray()),
    ];

    // What follows at each position: the prompt has three tokens (start, language, transcribe). 0.20 s, words, 1.00 s, 1.00 s, words, 1.80 s.
    private static readonly int[] Following = [German, 0, TimeZero + 10, 1, 2, TimeZero + 50, TimeZero + 50, 3, 4, 5, 6, 7, TimeZero + 90, EndOfText];

    /// <summary>Writes a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seed">Of the generated weights.</param>
    public static void Write(string path, int seed = 1)
    {
        var random = new Random(seed);
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write(0x67676d6c);
        foreach (int dimension in (ReadOnlySpan<int>)[Vocabulary, AudioPositions, Width, Heads, Layers, TextPositions, Width, Heads, Layers, MelBands, 1])
        {
            writer.Write(dimension);
        }

        writer.Write(MelBands);
        writer.Write(SpectrumBins);
        for (int i = 0; i < MelBands * SpectrumBins; i++)
        {
            writer.Write(1f / SpectrumBins);
        }

        writer.Write(EndOfText);
        for (int id = 0; id < EndOfText; id++)
        {
            byte[] text = Texts.FirstOrDefault(text => text.Id == id).Text ?? Encoding.UTF8.GetBytes($" w{id}");
            writer.Write(text.Length);
            writer.Write(text);
        }

        Tensors(writer, random);
    }

    private static void Tensors(BinaryWriter writer, Random random)
    {
        Tensor(writer, "encoder.positional_embedding", [Width, AudioPositions], false, _ => Small(random));
        Tensor(writer, "encoder.conv1.weight", [3, MelBands, Width], true, _ => Small(random));
        Tensor(writer, "encoder.conv1.bias", [1, Width], false, _ => Small(random));
        Tensor(writer, "encoder.conv2.weight", [3, Width, Width], true, _ => Small(random));
        Tensor(writer, "encoder.conv2.bias", [1, Width], false, _ => Small(random));
        Pair(writer, "encoder.ln_post", random);
        Tensor(writer, "decoder.positional_embedding", [Width, TextPositions], false, i => i % Width == i / Width ? 30 : 0);
        Tensor(writer, "decoder.token_embedding.weight", [Width, Vocabulary], true, Embedding);
        Pair(writer, "decoder.ln", random);
        for (int layer = 0; layer < Layers; layer++)
        {
            Block(writer, $"encoder.blocks.{layer}", random);
            Block(writer, $"decoder.blocks.{layer}", random);
            Attention(writer, $"decoder.blocks.{layer}", "cross_attn", random);
        }

        // The script's next token by position; every other token is a little less likely than nothing.
        static float Embedding(int i)
        {
            int token = i / Width;
            int position = i % Width;
            return position < Following.Length && Following[position] == token ? 2 : -0.05f;
        }
    }

    private static void Block(BinaryWriter writer, string name, Random random)
    {
        Pair(writer, $"{name}.mlp_ln", random);
        Linear(writer, $"{name}.mlp.0", Width, 4 * Width, random);
        Linear(writer, $"{name}.mlp.2", 4 * Width, Width, random);
        Attention(writer, name, "attn", random);
    }

    private static void Attention(BinaryWriter writer, string name, string kind, Random random)
    {
        Pair(writer, $"{name}.{kind}_ln", random);
        Linear(writer, $"{name}.{kind}.query", Width, Width, random);
        Tensor(writer, $"{name}.{kind}.key.weight", [Width, Width], true, _ => Small(random));
        Linear(writer, $"{name}.{kind}.value", Width, Width, random);
        Linear(writer, $"{name}.{kind}.out", Width, Width, random);
    }

    private static void Linear(BinaryWriter writer, string name, int inputs, int outputs, Random random)
    {
        Tensor(writer, $"{name}.weight", [inputs, outputs], true, _ => Small(random));
        Tensor(writer, $"{name}.bias", [outputs], false, _ => Small(random));
    }

    private static void Pair(BinaryWriter writer, string name, Random random)
    {
        Tensor(writer, $"{name}.weight", [Width], false, _ => 1);
        Tensor(writer, $"{name}.bias", [Width], false, _ => Small(random));
    }

    private static float Small(Random random) => (random.NextSingle() - 0.5f) / 50;

    private static void Tensor(BinaryWriter writer, string name, int[] sizes, bool half, Func<int, float> value)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        writer.Write(sizes.Length);
        writer.Write(bytes.Length);
        writer.Write(half ? 1 : 0);
        int count = 1;
        foreach (int size in sizes)
        {
            writer.Write(size);
            count *= size;
        }

        writer.Write(bytes);
        for (int i = 0; i < count; i++)
        {
            if (half)
            {
                writer.Write((Half)value(i));
            }
            else
            {
                writer.Write(value(i));
            }
        }
    }
}
