using System.Security.Cryptography;
using Diarist.Audio;
using Diarist.Inference;

namespace Diarist.Tests.Support;

/// <summary>The recordings and stored reference outputs of network parity tests (tests/make-fixtures/make.sh makes the outputs).</summary>
internal static class Fixture
{
    /// <summary>An output of ONNX Runtime, as a flat array.</summary>
    public static float[] OnnxRuntime(string name) => NpyArray.Read(Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnxruntime", name + ".npy")).ToSingles();

    /// <summary>Whether a recording is on this machine.</summary>
    public static bool HasRecording(string name) => name switch
    {
        "rec02" => Shared.Has("parity/rec02/audio.wav"),
        "ami" => Shared.Has("audio/ami/ami_EN2002a_0-30.flac"),
        _ => true,
    };

    /// <summary>The samples of a recording by the name that the fixtures use; skips the test where it is not there.</summary>
    public static float[] Recording(string name) => AudioReader.ReadMono(name switch
    {
        "rec02" => Shared.Require("parity/rec02/audio.wav"),
        "ami" => Shared.Require("audio/ami/ami_EN2002a_0-30.flac"),
        _ => Sample(name),
    });

    /// <summary>A sample of the repository, which must still be the one that the fixtures were made of.</summary>
    private static string Sample(string name)
    {
        string path = Shared.InRepository($"samples/{name}.flac"), hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        string made = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnxruntime", name + ".sha256")).Trim();
        Assert.True(hash == made, $"samples/{name}.flac has changed: run tests/make-fixtures/make.sh");
        return path;
    }
}
