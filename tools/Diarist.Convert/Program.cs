// Makes the files of models/ from the packs that they come from, and proves that every weight comes back bit for bit.
//   dotnet run -c Release --project tools/Diarist.Convert -- PACKS [MODELS]
// PACKS is a folder of packs (a mirror, or the store); MODELS is where the files go, by default models/ here.
using System.Security.Cryptography;
using Diarist;
using Diarist.Convert;

if (args.Length is < 1 or > 2 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("usage: Diarist.Convert PACKS [MODELS]");
    return 2;
}

(string packs, string models) = (args[0], args.Length > 1 ? args[1] : "models");
try
{
    Convert("pyannote-segmentation-3.0", "segmentation-3.0.onnx", Networks.Segmentation);
    Convert("wespeaker-resnet34-lm", "wespeaker_resnet34_lm.onnx", Networks.Embedding);
    Copy("silero-vad-v6", "silero_vad_16k.safetensors");
    Copy("pyannote-community-1-plda", "plda.npz");
    Copy("pyannote-community-1-plda", "xvec_transform.npz");
    return 0;
}
catch (Exception error) when (error is PackException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

void Convert(string pack, string file, Func<string, Converted> store)
{
    string source = Path.Combine(packs, pack, file);
    string name = Path.ChangeExtension(file, ".safetensors");
    Converted converted = store(source);
    converted.Writer.Metadata["source"] = $"{file}, SHA-256 {Hash(File.ReadAllBytes(source))}";
    (byte[] bytes, string report) = converted.Prove(name);
    Write(pack, name, bytes, report);
}

void Copy(string pack, string file) => Write(pack, file, File.ReadAllBytes(Path.Combine(packs, pack, file)), "as it is");

void Write(string pack, string file, byte[] bytes, string report)
{
    Directory.CreateDirectory(Path.Combine(models, pack));
    File.WriteAllBytes(Path.Combine(models, pack, file), bytes);
    Console.WriteLine($"{pack}/{file}: {bytes.Length} bytes, SHA-256 {Hash(bytes)}, {report}");
}

static string Hash(byte[] bytes) => System.Convert.ToHexStringLower(SHA256.HashData(bytes));
