using System.Diagnostics;
using System.Globalization;
using Diarist.Audio;
using Diarist.Networks.Pyannote;
using Diarist.Networks.WeSpeaker;
using Diarist.Pipeline;
using Diarist.Reconstruction;
using Diarist.Scoring;
using Diarist.Segments;

namespace Diarist.Accuracy.Pieces;

/// <summary>Listening once to folders of recordings, and scoring the recipe on what was heard.</summary>
internal static class RecipeCommands
{
    /// <summary>Listens to the recordings of a folder that were not heard yet.</summary>
    /// <param name="shared">Where the packs are.</param>
    /// <param name="folder">The recordings.</param>
    /// <param name="cache">Where to keep what was heard.</param>
    /// <param name="step">Seconds between windows; the recipe's when <see langword="null"/>.</param>
    /// <param name="limit">Stop after so many seconds of work.</param>
    /// <param name="arguments">Which recordings, by prefix; <c>--int8</c> runs the trunk in 8 bits.</param>
    public static void Listen(string shared, string folder, string cache, double? step, double limit, IReadOnlyList<string> arguments)
    {
        Directory.CreateDirectory(cache);
        var clock = Stopwatch.StartNew();
        var segmentation = PyanNet.Load(Path.Combine(shared, "packs/pyannote-segmentation-3.0/segmentation-3.0.onnx"));
        var embedder = WeSpeakerResNet34.Load(Path.Combine(shared, "packs/wespeaker-resnet34-lm/wespeaker_resnet34_lm.onnx"), new WeSpeakerOptions { Precision = arguments.Contains("--int8") ? Precision.EightBit : Precision.FloatingPoint });
        double audioSeconds = 0;
        foreach (FolderRecording recording in DevelopmentFolder.Read(folder, [.. arguments.Where(argument => !argument.StartsWith('-'))]))
        {
            string path = Path.Combine(cache, recording.Name + ".heard");
            if (File.Exists(path))
            {
                continue;
            }

            if (clock.Elapsed.TotalSeconds > limit)
            {
                Console.WriteLine("more to do");
                return;
            }

            using AudioStream audio = AudioReader.Open(recording.Audio);
            using var mono = new MonoStream(audio);
            HeardSpeech heard = new SegmentsListener(segmentation, embedder, SegmentsParameters.Default, step, 1, new StageClock(null)).Run(mono.Read, null, CancellationToken.None);
            HeardFile.Write(path, heard);
            audioSeconds += heard.Duration;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{recording.Name} {heard.Duration:0} s, {audioSeconds / clock.Elapsed.TotalSeconds:0.0}× real time on one thread"));
        }
    }

    /// <summary>Scores what was heard: <c>name=value</c> changes a parameter, <c>--given</c> tells the number, <c>--each</c> shows recordings, the rest are prefixes.</summary>
    public static void Score(string folder, string cache, string[] arguments)
    {
        SegmentsParameters parameters = SegmentsParameters.Default;
        foreach (string[] pair in arguments.Where(argument => argument.Contains('=')).Select(argument => argument.Split('=')))
        {
            parameters = Change(parameters, pair[0], double.Parse(pair[1], CultureInfo.InvariantCulture));
        }

        bool each = arguments.Contains("--each"), given = arguments.Contains("--given");
        var total = new SetScore("all");
        foreach (string prefix in arguments.Where(argument => !argument.Contains('=') && !argument.StartsWith('-')))
        {
            SetScore score = RecipeScores.Score(prefix, RecipeScores.Load(folder, cache, [prefix]), parameters, given, (recording, errors, found) =>
            {
                total.Add(errors, found, recording.Speakers);
                if (each)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {recording.Name,-20} {100 * errors.Rate,6:0.00} confused {100 * errors.Share(errors.Confusion),6:0.00}  found {found} of {recording.Speakers}"));
                }
            });
            Console.WriteLine(score);
        }

        Console.WriteLine(total);
    }

    /// <summary>Writes for each recording the signs of its number's certainty.</summary>
    public static void Signs(string folder, string cache, string[] prefixes)
    {
        List<(FolderRecording, HeardSpeech)> all = RecipeScores.Load(folder, cache, prefixes);
        foreach (string line in all.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(pair =>
        {
            (FolderRecording recording, HeardSpeech heard) = pair;
            SegmentsResult result = SegmentsClustering.Run(heard, SegmentsParameters.Default, SpeakerBounds.None);
            if (result.Kept.Length == 0)
            {
                return "";
            }

            CountSigns signs = CountSigns.Of(heard, result);
            ReconstructedTurns turns = RecipeScores.Turns(heard, SegmentsParameters.Default, SpeakerBounds.None);
            DiarizationScore score = DiarizationErrorRate.Compute(recording.Truth, turns.Turns, new DiarizationScoringOptions { Regions = recording.Regions });
            string speakers = string.Join(' ', turns.Clusters.Select((cluster, index) => string.Create(CultureInfo.InvariantCulture,
                $"{(score.Mapping.Any(match => match.Reference is not null && match.Hypothesis == TurnReconstruction.Label(index)) ? "true" : "ghost")} {CountSigns.Nearest(result, cluster):0.000} {result.Frames.Seconds[cluster]:0.00}")));
            return string.Create(CultureInfo.InvariantCulture, $"{recording.Name} {recording.Speakers} {result.Kept.Length} {signs.Alike:0.0000} {signs.Crowded:0.0000} {signs.Weak:0.0000} {signs.Briefest:0.00} {signs.Probability:0.000} {signs.RunnerUp(result.Kept.Length)} {speakers}");
        }))
        {
            Console.WriteLine(line);
        }
    }

    /// <summary>Fits the model of certainty to what <see cref="Signs"/> wrote, and judges it.</summary>
    public static void Fit(IEnumerable<string> files) =>
        CertaintyFit.Report([.. files.SelectMany(File.ReadLines).Where(line => line.Length > 0).Select(line =>
        {
            string[] fields = line.Split(' ');
            double Number(int field) => double.Parse(fields[field], CultureInfo.InvariantCulture);
            return new CountedRecording(fields[0], Number(3), Number(4), Number(5), Number(6), (int)Number(2), (int)Number(1));
        })]);

    /// <summary>Writes the curves of docs/recipe.md.</summary>
    public static void Curves(string folder, string cache, string drawing, IReadOnlyList<string> prefixes)
    {
        var curves = new LikenessCurves();
        foreach ((FolderRecording recording, HeardSpeech heard) in RecipeScores.Load(folder, cache, prefixes))
        {
            curves.Add(recording, heard);
        }

        File.WriteAllText(drawing, curves.Svg());
        foreach (string line in curves.Table())
        {
            Console.WriteLine(line);
        }
    }

    private static SegmentsParameters Change(SegmentsParameters parameters, string name, double value)
    {
        switch (name)
        {
            case "A":
                return parameters with { Likeness = parameters.Likeness with { HalfSeconds = value } };
            case "C":
                return parameters with { Likeness = parameters.Likeness with { Ceiling = value } };
            case "M":
                return parameters with { Likeness = parameters.Likeness with { Strangers = value } };
            default:
                SegmentsParameters copy = parameters with { };
                System.Reflection.PropertyInfo property = typeof(SegmentsParameters).GetProperty(name) ?? throw new ArgumentException($"There is no parameter {name}.");
                property.SetValue(copy, Convert.ChangeType(value, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, CultureInfo.InvariantCulture));
                return copy;
        }
    }
}
