using System.Globalization;
using Diarist.Scoring;
using Diarist.Segments;

namespace Diarist.Accuracy.Pieces;

/// <summary>What leaving out short turns costs in errors and saves in turns to read: a row for each shortest turn.</summary>
internal static class MinimumTurns
{
    private static readonly double[] Seconds = [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5];

    /// <summary>Prints the rows of one or more sets, each with DER and turns an hour for each shortest turn.</summary>
    public static void Run(string folder, string cache, IReadOnlyList<string> prefixes)
    {
        Console.WriteLine($"| recordings | hours |{string.Concat(Seconds.Select(seconds => string.Create(CultureInfo.InvariantCulture, $" {seconds} s |")))}");
        foreach (string prefix in prefixes)
        {
            List<(FolderRecording Recording, HeardSpeech Heard)> set = RecipeScores.Load(folder, cache, [prefix]);
            var errors = new DiarizationErrors[Seconds.Length];
            var turns = new int[Seconds.Length];
            foreach ((FolderRecording recording, HeardSpeech heard) in set)
            {
                IReadOnlyList<Turn> found = RecipeScores.Turns(heard, SegmentsParameters.Default, SpeakerBounds.None).Turns;
                for (int i = 0; i < Seconds.Length; i++)
                {
                    Turn[] shown = ReadableTurns.Select(found, Seconds[i], minimumGap: 0, exclusive: false);
                    errors[i] += DiarizationErrorRate.Compute(recording.Truth, shown, new DiarizationScoringOptions { Regions = recording.Regions }).Errors;
                    turns[i] += shown.Length;
                }
            }

            double hours = set.Sum(pair => pair.Heard.Duration) / 3600;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {prefix} ({set.Count}) | {hours:0.0} |{string.Concat(Seconds.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $" {100 * errors[i].Rate:0.00} %, {turns[i] / hours:0} |")))}"));
        }
    }
}
