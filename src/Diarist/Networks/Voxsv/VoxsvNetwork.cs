using System.Runtime.Intrinsics;
using System.Text.Json;
using Diarist.Inference;
using Diarist.Inference.Kernels;

namespace Diarist.Networks.Voxsv;

/// <summary>
/// The voxsv ThinResNet in 8-bit arithmetic: (80, 128) → 64 values, bit for bit what the published network gives.
/// Stem and two stages that halve the map, two that do not, integer average, one linear layer.
/// </summary>
internal sealed unsafe class VoxsvNetwork
{
    /// <summary>Mel filters: rows of the input.</summary>
    public const int Height = 80;

    /// <summary>Frames: columns of the input.</summary>
    public const int Width = 128;

    /// <summary>Values of the result.</summary>
    public const int Dimension = 64;

    private const int Features = 128;

    private readonly Int8Convolution _stem;
    private readonly Stage[] _stages;
    private readonly sbyte[] _linearWeights;
    private readonly sbyte[] _linearBias;
    private readonly int _linearShift;

    /// <summary>Takes the layers from a weights file.</summary>
    /// <exception cref="PackException">A tensor or a shift is missing or of another shape.</exception>
    public VoxsvNetwork(Weights weights, LaneWidth? width = null)
    {
        Dictionary<string, int> shifts = ReadShifts(weights);
        _stem = Layer("stem", 16, 1, 3);
        _stages =
        [
            new Stage(Layer("s1.conv1", 16, 16, 3), Layer("s1.conv2", 16, 16, 3), null, Halve: true),
            new Stage(Layer("s2.conv1", 32, 16, 3), Layer("s2.conv2", 32, 32, 3), Layer("s2.shortcut", 32, 16, 1), Halve: true),
            new Stage(Layer("s3.conv1", 64, 32, 3), Layer("s3.conv2", 64, 64, 3), Layer("s3.shortcut", 64, 32, 1), Halve: false),
            new Stage(Layer("s4.conv1", 128, 64, 3), Layer("s4.conv2", 128, 128, 3), Layer("s4.shortcut", 128, 64, 1), Halve: false),
        ];
        _linearWeights = weights.GetInt8("fc.weight", Dimension, Features).Data;
        _linearBias = weights.GetInt8("fc.bias", Dimension).Data;
        _linearShift = 7 - Shift("fc");

        Int8Convolution Layer(string name, int outputs, int inputs, int kernel) => new(
            weights.GetInt8(name + ".weight", outputs, inputs, kernel, kernel).Data, weights.GetInt8(name + ".bias", outputs).Data,
            outputs, inputs, kernel, Shift(name), width);

        int Shift(string name) => shifts.TryGetValue(name, out int shift) && shift is >= -8 and <= 6
            ? shift
            : throw new PackException($"{weights.File}: the metadata give no usable output_shift for the layer '{name}'; the file is damaged or of another network");
    }

    /// <summary>Runs the network.</summary>
    /// <param name="input">Shape (80, 128).</param>
    /// <param name="output">Receives shape (64).</param>
    public void Run(ReadOnlySpan<sbyte> input, Span<sbyte> output)
    {
        var map = new Int8Map(Height, Width, _stem.Inputs);
        try
        {
            for (int y = 0; y < Height; y++)
            {
                for (int x = 0; x < Width; x++)
                {
                    short* position = map.At(y, x);
                    position[0] = input[(y * Width) + x];
                    position[1] = 0;
                }
            }

            // A map is freed when the next one is complete.
            Replace(ref map, Halved(_stem, map, residual: null));
            foreach (Stage stage in _stages)
            {
                using Int8Map inner = Whole(stage.First, map, residual: null, relu: true);
                using Int8Map shortcut = stage.Shortcut is null ? default : Whole(stage.Shortcut, map, residual: null, relu: false);
                Int8Map residual = stage.Shortcut is null ? map : shortcut;
                Replace(ref map, stage.Halve ? Halved(stage.Second, inner, residual) : Whole(stage.Second, inner, residual, relu: true));
            }

            Linear(map, output);
        }
        finally
        {
            map.Dispose();
        }
    }

    private static void Replace(ref Int8Map map, Int8Map next)
    {
        map.Dispose();
        map = next;
    }

    private static Int8Map Whole(Int8Convolution layer, in Int8Map input, Int8Map? residual, bool relu)
    {
        var output = new Int8Map(input.Height, input.Width, layer.Outputs);
        for (int y = 0; y < input.Height; y++)
        {
            layer.Row(input, y, residual is { } map ? map.At(y, 0) : null, output.At(y, 0), relu);
        }

        return output;
    }

    /// <summary>A convolution with ReLU, then the maximum of every 2×2 positions, two rows at a time.</summary>
    private static Int8Map Halved(Int8Convolution layer, in Int8Map input, Int8Map? residual)
    {
        var output = new Int8Map(input.Height / 2, input.Width / 2, layer.Outputs);
        using var rows = new Int8Map(2, input.Width, layer.Outputs);
        for (int y = 0; y < output.Height; y++)
        {
            for (int half = 0; half < 2; half++)
            {
                layer.Row(input, (2 * y) + half, residual is { } map ? map.At((2 * y) + half, 0) : null, rows.At(half, 0), relu: true);
            }

            MaximumOfFour(rows, output.At(y, 0), output.Width);
        }

        return output;
    }

    private static void MaximumOfFour(in Int8Map rows, short* output, int width)
    {
        int channels = rows.Channels;
        for (int x = 0; x < width; x++, output += channels)
        {
            short* upper = rows.At(0, 2 * x);
            short* lower = rows.At(1, 2 * x);
            for (int channel = 0; channel < channels; channel += Vector128<short>.Count)
            {
                Vector128<short> top = Vector128.Max(Vector128.Load(upper + channel), Vector128.Load(upper + channel + channels));
                Vector128<short> bottom = Vector128.Max(Vector128.Load(lower + channel), Vector128.Load(lower + channel + channels));
                Vector128.Max(top, bottom).Store(output + channel);
            }
        }
    }

    private void Linear(in Int8Map map, Span<sbyte> output)
    {
        Span<int> average = stackalloc int[Features];
        for (int y = 0; y < map.Height; y++)
        {
            for (int x = 0; x < map.Width; x++)
            {
                short* position = map.At(y, x);
                for (int channel = 0; channel < Features; channel++)
                {
                    average[channel] += position[channel];
                }
            }
        }

        for (int channel = 0; channel < Features; channel++)
        {
            average[channel] /= map.Height * map.Width;
        }

        for (int i = 0; i < Dimension; i++)
        {
            int sum = (128 * _linearBias[i]) + (1 << (_linearShift - 1));
            for (int channel = 0; channel < Features; channel++)
            {
                sum += _linearWeights[(i * Features) + channel] * average[channel];
            }

            output[i] = (sbyte)Math.Clamp(sum >> _linearShift, sbyte.MinValue, sbyte.MaxValue);
        }
    }

    private static Dictionary<string, int> ReadShifts(Weights weights)
    {
        try
        {
            string text = weights.Metadata.GetValueOrDefault("output_shift", "");
            return JsonSerializer.Deserialize<Dictionary<string, int>>(text) ?? [];
        }
        catch (JsonException error)
        {
            throw new PackException($"{weights.File}: the metadata 'output_shift' are no JSON object of integers; the file is damaged or of another network", error);
        }
    }

    /// <summary>Two convolutions and what goes around them; <paramref name="Halve"/>: a 2×2 maximum follows.</summary>
    private sealed record Stage(Int8Convolution First, Int8Convolution Second, Int8Convolution? Shortcut, bool Halve);
}
