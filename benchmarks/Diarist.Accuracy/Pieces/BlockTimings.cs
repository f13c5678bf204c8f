using System.Diagnostics;
using System.Globalization;
using Diarist.Reconstruction;
using Diarist.Segments;

namespace Diarist.Accuracy.Pieces;

/// <summary>Whether blocks change the turns of a recording, and what the grouping of a day costs: the pieces of an hour, repeated with noise.</summary>
internal static class BlockTimings
{
    private const int SmallBlock = 150;

    /// <summary>Prints both.</summary>
    /// <param name="heard">What was heard of the recording.</param>
    /// <param name="times">How often it is repeated.</param>
    public static void Run(HeardSpeech heard, int times)
    {
        SegmentsParameters parameters = SegmentsParameters.Default;
        IReadOnlyList<Turn> one = Turns(heard, parameters with { BlockPieces = int.MaxValue });
        foreach (int block in (int[])[SmallBlock, parameters.BlockPieces])
        {
            IReadOnlyList<Turn> many = Turns(heard, parameters with { BlockPieces = block });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{heard.Duration / 3600:0.00} h, {heard.Pieces.Count} pieces, blocks of {block}: {one.Count} turns of one block, {many.Count} of blocks, the same: {one.SequenceEqual(many)}; {one.Except(many).Sum(turn => turn.Duration):0.0} of {one.Sum(turn => turn.Duration):0} s differ"));
        }

        HeardSpeech day = SessionTimings.Repeated(heard, times);
        var clock = Stopwatch.StartNew();
        PieceGroups groups = SpeakerGrouping.Run(day, parameters);
        double grouping = clock.Elapsed.TotalSeconds;
        IReadOnlyList<Turn> turns = Turns(day, parameters);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{day.Duration / 3600:0.0} h, {day.Pieces.Count} pieces: {groups.Groups.Count} groups in {grouping:0.0} s; with labels and turns ({turns.Count}, of {turns.Select(turn => turn.Speaker).Distinct().Count()} speakers) another {clock.Elapsed.TotalSeconds - grouping:0.0} s; peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB"));
    }

    private static IReadOnlyList<Turn> Turns(HeardSpeech heard, SegmentsParameters parameters)
    {
        ReconstructedTurns turns = RecipeScores.Turns(heard, parameters, SpeakerBounds.None);
        return [.. turns.Turns.Select(turn => turn with { Confidence = null })];
    }
}
