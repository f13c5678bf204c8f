using System.Buffers.Binary;
using System.Text;

namespace Diarist.Tests.Support;

/// <summary>Writes GGUF files (version 3) for tests: keys, tensors in F32, F16 and Q8_0, or raw bytes of any type.</summary>
internal sealed class GgufWriter
{
    private readonly List<byte> _keys = [];
    private readonly List<(string Name, int[] Shape, uint Type, byte[] Bytes)> _tensors = [];
    private int _keyCount;

    public uint Version { get; set; } = 3;

    /// <summary>Adds the keys of Nemotron 3 at its true size.</summary>
    public GgufWriter Nemotron3Keys()
    {
        Key("general.architecture", "sortformer").Key("sortformer.version", "v3");
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
            Key("sortformer." + key, value);
        }

        return this;
    }

    /// <summary>Adds a key whose value is text, a number or yes or no.</summary>
    public GgufWriter Key(string name, object value)
    {
        KeyText(name);
        switch (value)
        {
            case string text:
                KeyNumber(8u);
                KeyText(text);
                break;
            case bool flag:
                KeyNumber(7u);
                _keys.Add(flag ? (byte)1 : (byte)0);
                break;
            case int number:
                KeyNumber(4u);
                KeyNumber((uint)number);
                break;
            default:
                KeyNumber(6u);
                KeyNumber(BitConverter.SingleToUInt32Bits(Convert.ToSingle(value)));
                break;
        }

        _keyCount++;
        return this;
    }

    /// <summary>Adds a tensor from its values.</summary>
    public GgufWriter Tensor(string name, int[] shape, string type, ReadOnlySpan<float> values) => type switch
    {
        "F32" => Raw(name, shape, 0, [.. values.ToArray().SelectMany(BitConverter.GetBytes)]),
        "F16" => Raw(name, shape, 1, [.. values.ToArray().SelectMany(value => BitConverter.GetBytes((Half)value))]),
        _ => Raw(name, shape, 8, Quantize(values)),
    };

    /// <summary>Adds a tensor from its bytes.</summary>
    public GgufWriter Raw(string name, int[] shape, uint type, byte[] bytes)
    {
        _tensors.Add((name, shape, type, bytes));
        return this;
    }

    /// <summary>The file.</summary>
    public byte[] ToArray()
    {
        using var file = new MemoryStream();
        Write(file, 0x46554747u);
        Write(file, Version);
        Write(file, (ulong)_tensors.Count);
        Write(file, (ulong)_keyCount);
        file.Write([.. _keys]);
        ulong offset = 0;
        foreach ((string name, int[] shape, uint type, byte[] bytes) in _tensors)
        {
            Text(file, name);
            Write(file, (uint)shape.Length);
            foreach (int extent in shape.Reverse())
            {
                Write(file, (ulong)extent);
            }

            Write(file, type);
            Write(file, offset);
            offset += (ulong)(bytes.Length + 31) / 32 * 32;
        }

        foreach ((_, _, _, byte[] bytes) in _tensors)
        {
            file.Position = file.Length;
            file.Write(new byte[(32 - (file.Length % 32)) % 32]);
            file.Write(bytes);
        }

        return file.ToArray();
    }

    /// <summary>The blocks of Q8_0: d = max|x| / 127, halves away from zero, then d as float16.</summary>
    public static byte[] Quantize(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length / 32 * 34];
        for (int block = 0; block < values.Length / 32; block++)
        {
            ReadOnlySpan<float> x = values.Slice(block * 32, 32);
            float largest = 0;
            foreach (float value in x)
            {
                largest = Math.Max(largest, Math.Abs(value));
            }

            float scale = largest / 127, inverse = scale > 0 ? 1 / scale : 0;
            Span<byte> target = bytes.AsSpan(block * 34, 34);
            BinaryPrimitives.WriteHalfLittleEndian(target, (Half)scale);
            for (int i = 0; i < 32; i++)
            {
                target[2 + i] = (byte)(sbyte)MathF.Round(x[i] * inverse, MidpointRounding.AwayFromZero);
            }
        }

        return bytes;
    }

    private void KeyNumber(uint value) => _keys.AddRange(BitConverter.GetBytes(value));

    private void KeyText(string text)
    {
        using var bytes = new MemoryStream();
        Text(bytes, text);
        _keys.AddRange(bytes.ToArray());
    }

    private static void Text(Stream stream, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Write(stream, (ulong)bytes.Length);
        stream.Write(bytes);
    }

    private static void Write(Stream stream, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void Write(Stream stream, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
