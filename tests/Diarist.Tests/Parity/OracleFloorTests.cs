using Diarist.Accuracy;
using Diarist.Clustering;
using Diarist.Formats;
using Diarist.Reconstruction;
using Diarist.Scoring;
using Diarist.Tests.Support;

namespace Diarist.Tests.Parity;

/// <summary>The error that is left with the best clustering that a segmentation allows.</summary>
public class OracleFloorTests(ITestOutputHelper output)
{
    [Fact]
    public void Oracle_clustering_of_the_captured_segmentation_leaves_the_published_floor()
    {
        CapturedRecording captured = CapturedRecording.Load("rec02");
        using StreamReader reader = File.OpenText(Shared.Require("parity/rec02/human.rttm"));
        IReadOnlyList<Turn> reference = Assert.Single(Rttm.Read(reader, "human.rttm")).Turns;
        ClusterAssignment oracle = OracleClustering.Assign(captured.Activity, reference, captured.Grid);
        ReconstructedTurns turns = TurnReconstruction.Reconstruct(captured.Activity, oracle, captured.Grid, new ReconstructionOptions());
        DiarizationErrors errors = DiarizationErrorRate.Compute(reference, turns.Turns).Errors;
        output.WriteLine($"DER {errors.Rate:p2}: missed {errors.Share(errors.Missed):p2}, false alarm {errors.Share(errors.FalseAlarm):p2}, confusion {errors.Share(errors.Confusion):p2}");
        Assert.Equal(0.0520, errors.Rate, 0.003);
    }
}
