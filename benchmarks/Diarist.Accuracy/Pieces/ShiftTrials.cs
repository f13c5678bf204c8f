using System.Globalization;
using Diarist.Attribution;
using Diarist.Pipeline;
using Diarist.Segments;

namespace Diarist.Accuracy.Pieces;

/// <summary>How often a transcript that lies some seconds beside the product's turns is noticed, and one that fits is taken for such.</summary>
internal static class ShiftTrials
{
    // Recognizers place words some tenths of a second beside where they were said.
    private const double MostJitter = 0.2;

    private static readonly double[] Shifts = [0, 2, 5, 20, -3];

    /// <summary>Prints in how many recordings the product warns, for words and for captions (a text for each true turn) that are moved by some seconds.</summary>
    /// <param name="folder">The recordings.</param>
    /// <param name="cache">What was heard of them.</param>
    /// <param name="prefixes">Which recordings.</param>
    public static void Run(string folder, string cache, IReadOnlyList<string> prefixes)
    {
        List<(FolderRecording Recording, HeardSpeech Heard)> recordings = RecipeScores.Load(folder, cache, prefixes);
        Diarization[] found = [.. recordings.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(pair => SegmentsPipeline.Cluster(pair.Heard, new DiarizerOptions(), constraints: null, new StageClock(null), CancellationToken.None).Diarization)];
        Console.WriteLine($"| {recordings.Count} recordings | {string.Join(" | ", Shifts.Select(shift => string.Create(CultureInfo.InvariantCulture, $"{shift:0} s")))} |");
        Row("words", recording => WordTrials.Spoken(recording).Select(word => word.Range));
        Row("captions", recording => recording.Truth.Select(turn => new TimeRange(turn.Start, turn.End)));

        void Row(string name, Func<FolderRecording, IEnumerable<TimeRange>> texts) =>
            Console.WriteLine($"| {name} | {string.Join(" | ", Shifts.Select(shift => recordings.Zip(found).Count(pair => Warns(texts(pair.First.Recording), pair.Second, shift))))} |");
    }

    private static bool Warns(IEnumerable<TimeRange> texts, Diarization found, double shift)
    {
        var random = new Random(1);
        double Moved(double time) => time + shift + (MostJitter * ((2 * random.NextDouble()) - 1));
        IEnumerable<TimeRange> moved = texts.Select(text => new TimeRange(Moved(text.Start), Moved(text.End))).Where(text => text.Start >= 0);
        return TimeShift.Find(moved, new TurnTimeline(found.Turns)) is not null;
    }
}
