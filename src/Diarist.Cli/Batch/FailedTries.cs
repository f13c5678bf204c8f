namespace Diarist.Cli.Batch;

/// <summary>Counts the tries of recordings that failed, and records them in the folder of the results.</summary>
/// <param name="plan">What is to be done, with the failures of earlier runs.</param>
/// <param name="folder">The folder.</param>
/// <param name="most">How often a recording may fail.</param>
/// <param name="log">The log of this run.</param>
/// <param name="progress">Told of what is left alone.</param>
internal sealed class FailedTries(BatchPlan plan, BatchFolder folder, int most, BatchLog log, BatchProgress progress)
{
    private readonly Dictionary<string, int> _tries = plan.Pending.ToDictionary(planned => planned.Recording.Id, planned => planned.Tries, StringComparer.Ordinal);

    /// <summary>Recordings that are left alone.</summary>
    public int Failed { get; private set; }

    /// <summary>Counts a try.</summary>
    /// <param name="planned">The recording.</param>
    /// <param name="exitCode">What a process of its own would have returned.</param>
    /// <param name="message">Why it failed.</param>
    /// <param name="forGood">Whether it is left alone whatever its number of tries.</param>
    /// <returns>Whether it was the last try.</returns>
    public bool Add(PlannedRecording planned, int exitCode, string message, bool forGood)
    {
        BatchRecording recording = planned.Recording;
        int tries = ++_tries[recording.Id];
        bool last = forGood || tries >= most;
        log.Write(new BatchEvent { Event = "failed", Id = recording.Id, Message = message });
        folder.Remove(recording.Id);
        folder.WriteFailure(new BatchFailure { Id = recording.Id, Path = recording.Path, ExitCode = exitCode, Message = message, Tries = tries, Quarantined = last, Identity = planned.Identity });
        if (last)
        {
            Failed++;
            Console.Error.WriteLine($"diarist: {message}");
        }

        progress.Drop(recording.Id, last);
        return last;
    }
}
