using Diarist.Accuracy;
using Diarist.Community1;
using Diarist.Networks.Pyannote;
using Diarist.Networks.WeSpeaker;

// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- report   writes the tables of docs/accuracy.md
// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- attribution   writes its tables about words
string repository = Path.GetFullPath(args.Length > 1 ? args[1] : ".");
string shared = Path.GetFullPath(Path.Combine(repository, "../shared"));
if (!File.Exists(Path.Combine(repository, "Diarist.slnx")) || !Directory.Exists(shared))
{
    Console.Error.WriteLine("Run this in the root of the repository, with the folder shared beside it.");
    return 2;
}

var audio = new DevelopmentAudio(shared);
switch (args.FirstOrDefault())
{
    case "report":
        var report = new AccuracyReport(Evaluation(), audio, repository);
        WriteSection("measured", report.Write());
        return 0;
    case "attribution":
        WriteSection("attribution", new AttributionReport(repository, shared).Write());
        return 0;
    default:
        Console.Error.WriteLine("Say what to do: report or attribution.");
        return 2;
}

Evaluation Evaluation() => new(
    PyanNet.Load(Path.Combine(shared, "packs/pyannote-segmentation-3.0/segmentation-3.0.onnx")),
    WeSpeakerResNet34.Load(Path.Combine(shared, "packs/wespeaker-resnet34-lm/wespeaker_resnet34_lm.onnx")),
    Plda.Load(Path.Combine(shared, "packs/pyannote-community-1-plda/xvec_transform.npz"), Path.Combine(shared, "packs/pyannote-community-1-plda/plda.npz")),
    Environment.ProcessorCount);

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
