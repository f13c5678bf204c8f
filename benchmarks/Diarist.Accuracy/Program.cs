using System.Globalization;
using Diarist.Accuracy;
using Diarist.Accuracy.Identity;
using Diarist.Accuracy.Pieces;
using Diarist.Accuracy.Sets;
using Diarist.Community1;
using Diarist.Networks.Pyannote;
using Diarist.Networks.WeSpeaker;

// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- report   writes the tables of docs/accuracy.md
// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- all . FOLDER   makes conversations of two halves of the people in FOLDER, and writes the tables about them
// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- attribution   writes its tables about words
// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- identity   writes the tables of docs/identity.md (20 minutes; the constants are printed)
// dotnet run -c Release --project benchmarks/Diarist.Accuracy -- ranges   writes src/Diarist/Networks/WeSpeaker/activation-ranges.json
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

if (args is ["signs", _, var signSet, var signCache, .. var signNames])
{
    RecipeCommands.Signs(signSet, signCache, signNames);
    return 0;
}

if (args is ["curves", _, var curveSet, var curveCache, .. var curveNames])
{
    RecipeCommands.Curves(curveSet, curveCache, Path.Combine(repository, "docs/likeness.svg"), curveNames);
    return 0;
}

if (args is ["certainty", _, .. var signFiles])
{
    RecipeCommands.Fit(signFiles);
    return 0;
}

if (args is ["words", _, var wordSet, var wordCache])
{
    WriteSection("words", WordCommands.Run(wordSet, wordCache));
    return 0;
}

if (args is ["shifts", _, var shiftSet, var shiftCache, .. var shiftNames])
{
    ShiftTrials.Run(shiftSet, shiftCache, shiftNames);
    return 0;
}

if (args is ["sessions", _, var heardRecording, var times])
{
    SessionTimings.Run(HeardFile.Read(heardRecording), int.Parse(times, CultureInfo.InvariantCulture));
    return 0;
}

if (args is ["sets", _, var setFolder, .. var setNames])
{
    // round=1 and so on: more conversations of the same kinds and people.
    string? round = setNames.FirstOrDefault(name => name.StartsWith("round=", StringComparison.Ordinal));
    DevelopmentSets.Write(shared, setFolder, [.. setNames.Where(name => name != round)], round is null ? 0 : int.Parse(round[6..], CultureInfo.InvariantCulture));
    return 0;
}

if (args is ["all", _, var allFolder, .. var allNames])
{
    WriteSection("sets", SetReport.Run(shared, allFolder, allNames));
    return 0;
}

if (args is ["blocks", _, var heardLong, var repeats])
{
    BlockTimings.Run(HeardFile.Read(heardLong), int.Parse(repeats, CultureInfo.InvariantCulture));
    return 0;
}

if (args is ["corrector", _, var correctorSet, var correctorCache, var answers, .. var correctorNames])
{
    Corrector.Run(RecipeScores.Load(correctorSet, correctorCache, correctorNames), int.Parse(answers, CultureInfo.InvariantCulture));
    return 0;
}

if (args is ["best", _, var bestSet, var bestCache, var bestAnswers, .. var bestNames])
{
    BestQuestions.Run(RecipeScores.Load(bestSet, bestCache, bestNames), int.Parse(bestAnswers, CultureInfo.InvariantCulture));
    return 0;
}

if (args is ["score", _, var recordings, var heard, .. var rest])
{
    RecipeCommands.Score(recordings, heard, rest);
    return 0;
}

if (args is ["turns", _, var turnSet, var turnCache, .. var turnNames])
{
    MinimumTurns.Run(turnSet, turnCache, turnNames);
    return 0;
}

if (args is ["identity"] or ["identity", _])
{
    string kept = Path.Combine(Path.GetTempPath(), "diarist-identity");
    IReadOnlyList<VoiceTake> people = VoiceTakes.Read(shared);
    HeardVoices.Listen(shared, kept, people, double.PositiveInfinity);
    IReadOnlyList<HeardTake> all = HeardVoices.Read(kept, people);
    IdentityCommands.Fit(all, repository);
    WriteSection("identity", IdentityCommands.Measure(all, half: 1), "docs/identity.md");
    WriteSection("identity-names", NamedConversations.Measure(shared, all), "docs/identity.md");
    return 0;
}

if (args is ["identity", _, var heardVoices])
{
    WriteSection("identity", IdentityCommands.Measure(HeardVoices.Read(heardVoices, VoiceTakes.Read(shared)), half: 1), "docs/identity.md");
    return 0;
}

if (args is ["identity-names", _, var heardPeople])
{
    WriteSection("identity-names", NamedConversations.Measure(shared, HeardVoices.Read(heardPeople, VoiceTakes.Read(shared))), "docs/identity.md");
    return 0;
}

if (args is ["identity-listen", _, var voiceCache, var seconds])
{
    IReadOnlyList<VoiceTake> takes = VoiceTakes.Read(shared);
    Console.WriteLine($"{takes.Count} takes of {takes.Select(take => take.Person).Distinct().Count()} people");
    Console.WriteLine(HeardVoices.Listen(shared, voiceCache, takes, double.Parse(seconds, CultureInfo.InvariantCulture)) ? "all heard" : "more to do");
    return 0;
}

if (args is ["identity-fit" or "identity-alike" or "identity-levels" or "identity-measure", _, var voices])
{
    IReadOnlyList<HeardTake> takes = HeardVoices.Read(voices, VoiceTakes.Read(shared));
    switch (args[0])
    {
        case "identity-fit":
            IdentityCommands.Fit(takes, repository);
            break;
        case "identity-alike":
            IdentityCommands.Alike(takes);
            break;
        case "identity-levels":
            IdentityCommands.Levels(takes);
            break;
        default:
            Console.WriteLine(IdentityCommands.Measure(takes, half: 1));
            break;
    }

    return 0;
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
    case "ranges":
        Calibrate();
        return 0;
    default:
        Console.Error.WriteLine("Say what to do: all, sets, listen, score, signs, certainty, curves, words, corrector, best, sessions, blocks, report, attribution, identity or ranges.");
        return 2;
}

Evaluation Evaluation() => new(
    PyanNet.Load(Path.Combine(shared, "packs/pyannote-segmentation-3.0/segmentation-3.0.onnx")),
    WeSpeakerResNet34.Load(Path.Combine(shared, "packs/wespeaker-resnet34-lm/wespeaker_resnet34_lm.onnx")),
    Plda.Load(Path.Combine(shared, "packs/pyannote-community-1-plda/xvec_transform.npz"), Path.Combine(shared, "packs/pyannote-community-1-plda/plda.npz")),
    Environment.ProcessorCount);

// Half of the AMI excerpts and mixtures of the speakers for tuning set the ranges; the other halves judge them.
void Calibrate()
{
    // The share of values beyond the ranges: of 0, 1e-5 and 1e-4 the last gave the nearest embeddings.
    const double Chosen = 1e-4;
    var calibration = new RangeCalibration(Path.Combine(shared, "packs/wespeaker-resnet34-lm/wespeaker_resnet34_lm.onnx"));
    IReadOnlyList<Recording> ami = audio.Ami().Recordings;
    calibration.Observe([
        .. ami.Where((_, i) => i % 2 == 0),
        .. DevelopmentAudio.Short("mixtures", audio.Seen, seed: 1, count: 5).Recordings,
        .. DevelopmentAudio.Telephone("telephone", audio.Seen, seed: 2, count: 5).Recordings,
        .. DevelopmentAudio.BrickWall("brick wall", audio.Seen, seed: 3, count: 5).Recordings,
        .. DevelopmentAudio.Rooms("rooms", audio.Seen, seed: 4, count: 5).Recordings,
    ]);
    (string Name, Recording[] Recordings)[] judges = [
        ("AMI", [.. ami.Where((_, i) => i % 2 == 1)]),
        ("telephone, real (rec02)", [.. audio.Rec02().Recordings]),
        ("telephone, other speakers", [.. DevelopmentAudio.Telephone("telephone", audio.Unseen, seed: 5, count: 5).Recordings]),
        ("rooms, other speakers", [.. DevelopmentAudio.Rooms("rooms", audio.Unseen, seed: 6, count: 5).Recordings]),
    ];
    foreach (double leftOut in (double[])[0, Chosen])
    {
        foreach ((string name, Recording[] recordings) in judges)
        {
            double[] cosines = calibration.Cosines(recordings, calibration.Ranges(leftOut));
            Console.WriteLine(FormattableString.Invariant(
                $"left out {leftOut:0e+0}, {name}: {cosines.Length} pieces, mean {cosines.Average():0.00000}, median {cosines[cosines.Length / 2]:0.00000}, 5 % below {cosines[cosines.Length / 20]:0.00000}, least {cosines[0]:0.00000}"));
        }
    }

    using FileStream stream = File.Create(Path.Combine(repository, "src/Diarist/Networks/WeSpeaker/activation-ranges.json"));
    calibration.Ranges(Chosen).Write(stream);
}

// Replaces what stands between the two marks of a section of a page.
void WriteSection(string section, string content, string file = "docs/accuracy.md")
{
    string page = Path.Combine(repository, file);
    string text = File.ReadAllText(page);
    string mark = $"<!-- {section}: begin -->";
    int begin = text.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
    int end = text.IndexOf($"<!-- {section}: end -->", begin, StringComparison.Ordinal);
    File.WriteAllText(page, $"{text[..begin]}\n{content}{text[end..]}");
}
