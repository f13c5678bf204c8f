using System.Globalization;
using System.Text.Json;
using Diarist.Accuracy;
using Diarist.Accuracy.Recipe;
using Diarist.Clustering;
using Diarist.Networks.Pyannote;
using Diarist.Networks.Voxsv;

// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- report   writes the tables of docs/accuracy.md
// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- attribution   writes its tables about words
// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- certainty   prints the numbers of CountCertainty.SmallEmbedder
// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- train    writes src/Diarist/Clustering/voxsv-discriminant.json
// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- kernels  prints error rates and speeds without instruction sets
// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- trunk . FILE  prints how WeSpeaker's shared trunk differs from exact windows
string repository = Path.GetFullPath(args.Length > 1 ? args[1] : ".");
string shared = Path.GetFullPath(Path.Combine(repository, "../shared"));
if (!File.Exists(Path.Combine(repository, "Diarist.slnx")) || !Directory.Exists(shared))
{
    Console.Error.WriteLine("Run this in the root of the repository, with the folder shared beside it.");
    return 2;
}

if (args is ["listen", _, var folder, var cache, var step, var limit, .. var prefixes])
{
    RecipeCommands.Listen(shared, folder, cache, step == "auto" ? null : double.Parse(step, CultureInfo.InvariantCulture), double.Parse(limit, CultureInfo.InvariantCulture), prefixes);
    return 0;
}

if (args is ["score", _, var recordings, var heard, .. var rest])
{
    RecipeCommands.Score(recordings, heard, rest);
    return 0;
}

string voxsv = Path.Combine(shared, "packs/voxsv-thinresnet/voxsv-thinresnet.safetensors");
var audio = new DevelopmentAudio(shared);
switch (args.FirstOrDefault())
{
    case "train":
        string path = Path.Combine(repository, "src/Diarist/Clustering/voxsv-discriminant.json");
        SpeakerDiscriminant discriminant = new DiscriminantTraining(voxsv).Train(audio.Seen);
        using (FileStream stream = File.Create(path))
        {
            discriminant.Write(stream);
        }

        Console.WriteLine($"Trained on {audio.Seen.Count} speakers; Φ from {discriminant.Phi[0]:0.0} to {discriminant.Phi[^1]:0.00}.");
        return 0;
    case "report":
        var report = new AccuracyReport(Evaluation(), audio, repository);
        WriteSection("measured", report.Write());
        return 0;
    case "attribution":
        WriteSection("attribution", new AttributionReport(repository, shared).Write());
        return 0;
    case "certainty":
        CountCertainty certainty = Evaluation().FitCertainty([
            audio.Ami(),
            DevelopmentAudio.Short("mixtures", audio.Seen, seed: 1, count: 90),
            DevelopmentAudio.Telephone("telephone", audio.Seen, seed: 1, count: 60),
            DevelopmentAudio.BrickWall("brick wall", audio.Seen, seed: 1, count: 60),
            DevelopmentAudio.Rapid("rapid", audio.Seen, seed: 5, count: 90),
            DevelopmentAudio.Long("long", audio.Seen, seed: 13, count: 24),
            DevelopmentAudio.Rooms("rooms", audio.Seen, seed: 14, count: 42),
        ]);
        Console.WriteLine(FormattableString.Invariant($"{certainty.Constant:0.00}, {certainty.Gap:0.00}, {certainty.Briefest:0.00}, {certainty.Crowded:0.00}"));
        return 0;
    case "kernels":
        Console.Write(KernelComparison.Table(repository));
        return 0;
    case "kernels-once" when args.Length == 3: // one process of the above
        Console.Write(JsonSerializer.Serialize(KernelComparison.Measure(shared, int.Parse(args[2], CultureInfo.InvariantCulture))));
        return 0;
    case "trunk" when args.Length == 3:
        new SharedTrunkComparison(PyanNet.Load(Path.Combine(shared, "packs/pyannote-segmentation-3.0/segmentation-3.0.onnx")), args[2]).Print(audio.Ami());
        return 0;
    default:
        Console.Error.WriteLine("Say what to do: report, attribution, certainty, train, kernels, or trunk . FILE with the ONNX file of WeSpeaker's ResNet34.");
        return 2;
}

Evaluation Evaluation() => new(
    PyanNet.Load(Path.Combine(shared, "packs/pyannote-segmentation-3.0/segmentation-3.0.onnx")), VoxsvThinResNet.Load(voxsv), Environment.ProcessorCount);

// Replaces what stands between the two marks of a section of docs/accuracy.md.
void WriteSection(string section, string content)
{
    string page = Path.Combine(repository, "docs/accuracy.md");
    string text = File.ReadAllText(page);
    string mark = $"<!-- {section}: begin -->";
    int begin = text.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
    int end = text.IndexOf($"<!-- {section}: end -->", begin, StringComparison.Ordinal);
    File.WriteAllText(page, $"{text[..begin]}\n{content}{text[end..]}");
}
