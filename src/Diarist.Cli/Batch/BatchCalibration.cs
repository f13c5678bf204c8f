namespace Diarist.Cli.Batch;

/// <summary>How fast this machine is, learnt from the beginning of one recording before the work begins.</summary>
internal static class BatchCalibration
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    /// <summary>Measures.</summary>
    /// <param name="process">The process that will do the work.</param>
    /// <param name="sample">The recording.</param>
    /// <param name="seconds">How much of it.</param>
    /// <param name="jobs">How many listen at the same time, as the work will.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Seconds of audio a second, all jobs together; null when it cannot be learnt. The process, when it still can be used.</returns>
    public static async Task<(double? Speed, WorkProcess? Process)> RunAsync(WorkProcess process, BatchRecording sample, double seconds, int jobs, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            process.Send(new WorkRequest { Kind = "calibrate", Recording = sample, Seconds = seconds / jobs, Copies = jobs });
            await foreach (WorkAnswer answer in process.Answers.ReadAllAsync(limit.Token).ConfigureAwait(false))
            {
                if (answer.Kind == "calibrated")
                {
                    return (answer.Message is null ? answer.Position : null, process);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A recording that hangs here hangs again in the work, where it is counted.
        }

        (_, string said) = process.End();
        bool started = process.IsReady;
        process.Dispose();
        return started ? (null, null) : throw new InputException("the process that does the work", $"did not start: {said}");
    }
}
