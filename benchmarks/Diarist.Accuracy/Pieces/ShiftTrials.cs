using System.Globalization;
using Diarist.Attribution;
using Diarist.Pipeline;
using Diarist.Segments;

namespace Diarist.Accuracy.Pieces;

/// <summary>How often a transcript that lies some seconds beside the product's turns, or is of another recording, is noticed, and one that fits is taken for such.</summary>
internal static class ShiftTrials
{
    // Recognizers place words some tenths of a second beside where they were said.
    private const double MostJitter = 0.2;

    // Segments of recognizers lie further beside.
    private const double Rough = 1;

    private static readonly double[] Shifts = [0, 2, 5, 20, -3];

    /// <summary>Prints in how many recordings the product warns, for words and for captions (a text for each true turn) that are moved by some seconds, placed up to a second beside their speech, or of the next recording of the kind.</summary>
    /// <param name="folder">The recordings.</param>
    /// <param name="cache">What was heard of them.</param>
    /// <param name="prefixes">Which recordings.</param>
    public static void Run(string folder, string cache, IReadOnlyList<string> prefixes)
    {
        List<(FolderRecording Recording, HeardSpeech Heard)> recordings = RecipeScores.Load(folder, cache, prefixes);
        Diarization[] found = [.. recordings.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(pair => SegmentsPipeline.Cluster(pair.Heard, new DiarizerOptions(), constraints: null, new StageClock(null), CancellationToken.None).Diarization)];
        Console.WriteLine($"| {recordings.Count} recordings | {string.Join(" | ", Shifts.Select(shift => string.Create(CultureInfo.InvariantCulture, $"{shift:0} s")))} | rough | of another |");
        Row("words", recording => WordTrials.Spoken(recording).Select(word => word.Range));
        Row("captions", recording => recording.Truth.Select(turn => new TimeRange(turn.Start, turn.End)));

        void Row(string name, Func<FolderRecording, IEnumerable<TimeRange>> texts) =>
            Console.WriteLine(string.Join(" | ", [
                $"| {name}",
                .. Shifts.Select(shift => Count(index => Warns(texts(recordings[index].Recording), found[index], shift, MostJitter))),
                Count(index => Warns(texts(recordings[index].Recording), found[index], 0, Rough)),
                Count(index => Next(index) is int next && Warns(texts(recordings[next].Recording), found[index], 0, MostJitter)) + $" of {Count(index => Next(index) is not null)} |"]));

        string Count(Func<int, bool> warns) => Enumerable.Range(0, recordings.Count).Count(warns).ToString(CultureInfo.InvariantCulture);

        int? Next(int index) => Enumerable.Range(1, recordings.Count - 1).Select(step => (index + step) % recordings.Count)
            .Where(other => Kind(other) == Kind(index)).Cast<int?>().FirstOrDefault();

        // cnv07 is of the kind cnv, d03_k2_wb0 of the kind d03.
        string Kind(int index) => recordings[index].Recording.Name is var name && name.StartsWith("cnv", StringComparison.Ordinal) ? "cnv" : name.Split('_')[0];
    }

    private static bool Warns(IEnumerable<TimeRange> texts, Diarization found, double shift, double jitter)
    {
        var random = new Random(1);
        double Moved(double time) => time + shift + (jitter * ((2 * random.NextDouble()) - 1));
        TimeRange[] moved = [.. texts.Select(text => new TimeRange(Moved(text.Start), Moved(text.End))).Where(text => text.Start >= 0)];
        var turns = new TurnTimeline(found.Turns);
        return TimeShift.Find(moved, turns) is not null || OtherRecording.Find(moved, turns) is not null;
    }
}
