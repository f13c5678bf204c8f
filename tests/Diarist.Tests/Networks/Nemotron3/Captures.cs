using System.Text.Json;
using Diarist.Audio;
using Diarist.Inference;
using Diarist.Networks.Nemotron3;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>The captures of the official implementation with generated weights, under ../shared/parity/nemotron3.</summary>
internal static class Captures
{
    private static readonly Lazy<float[]> Samples = new(() => AudioReader.ReadMono(Path("small/audio.wav")));
    private static readonly Lazy<Nemotron3Network> SmallNetwork = new(() => Nemotron3Network.Load(Path("small/model.safetensors")));

    /// <summary>The profiles of the small network by the names of their captures.</summary>
    public static readonly Dictionary<string, Nemotron3Profile> Profiles = new()
    {
        ["offline"] = new(340, 40, 40, 300) { WholeRecording = true },
        ["offline_short"] = new(40, 8, 12, 30) { WholeRecording = true },
        ["offline_left"] = new(40, 8, 12, 30, 6) { WholeRecording = true },
        ["big"] = new(128, 40, 40, 100),
        ["live32"] = new(32, 4, 40, 222),
        ["low"] = new(9, 4, 24, 18),
        ["very_low"] = new(6, 2, 24, 18),
        ["ultra"] = new(3, 1, 24, 20),
    };

    /// <summary>A minute of audio.</summary>
    public static float[] Audio => Samples.Value;

    /// <summary>The small network in float32.</summary>
    public static Nemotron3Network Small => SmallNetwork.Value;

    /// <summary>The path of a file; skips the test when it is not there.</summary>
    public static string Path(string name) => Shared.Require("parity/nemotron3/" + name);

    /// <summary>The cases of a test of captures; where they are absent the first alone, which is skipped for all with the reason.</summary>
    public static TheoryData<string> Rows(params string[] cases) => Shared.Cases("parity/nemotron3", cases);

    /// <summary>An archive.</summary>
    public static Npz Archive(string name) => Npz.Read(Path(name));

    /// <summary>The largest difference.</summary>
    public static double Difference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            largest = difference >= 0 ? Math.Max(largest, difference) : double.NaN;
        }

        return largest;
    }

    /// <summary>The network of the true size with the weights of the generator.</summary>
    public static Nemotron3Network Full(int threads)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path("full/weights.json")));
        ulong seed = document.RootElement.GetProperty("seed").GetUInt64();
        Dictionary<string, GeneratedTensor> tensors = document.RootElement.GetProperty("tensors").EnumerateArray()
            .Select(entry => GeneratedTensor.Parse(entry, seed, headSize: 192)).ToDictionary(tensor => tensor.Name);
        return Nemotron3Network.Create(new Nemotron3SafeTensors((name, shape) => tensors[name].Values(shape), new Nemotron3Configuration()), threads);
    }
}
