using System.Diagnostics;
using System.Globalization;
using Diarist.Cli.Batch;

namespace Diarist.Cli.Queue;

/// <summary>The process that does the jobs of one of a worker's places. What crashes it, makes it hang or eats its memory has failed; another is started.</summary>
/// <param name="limits">What one job may take.</param>
/// <param name="options">Arguments for the process that do not change results: threads, packs.</param>
internal sealed class JobProcess(BatchLimits limits, IReadOnlyList<string> options) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(1);

    private WorkProcess? _process;
    private IReadOnlyList<string> _arguments = [];

    /// <summary>Does one job.</summary>
    /// <param name="arguments">The options of the job and the folder of its results.</param>
    /// <param name="request">What is to be done.</param>
    /// <param name="seconds">The length of the recording, as far as it is known.</param>
    /// <param name="report">Told the seconds of audio that are done.</param>
    /// <param name="cancellationToken">Gives the job up; the process ends.</param>
    /// <returns>What the process answers, or how it ended.</returns>
    public async Task<WorkAnswer> RunAsync(IReadOnlyList<string> arguments, WorkRequest request, double? seconds, Action<double> report, CancellationToken cancellationToken)
    {
        if (_process is not null && !_arguments.SequenceEqual(arguments))
        {
            Dispose();
        }

        _process ??= WorkProcess.Start(["batch", "--child", .. arguments, .. options]);
        _arguments = arguments;
        _process.Send(request);
        double limit = limits.TimeFor(seconds);
        long began = Stopwatch.GetTimestamp();
        long? cancelled = null;
        while (true)
        {
            using var tick = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            tick.CancelAfter(Tick);
            try
            {
                if (!await _process.Answers.WaitToReadAsync(tick.Token).ConfigureAwait(false))
                {
                    return Ended();
                }

                while (_process.Answers.TryRead(out WorkAnswer? answer))
                {
                    switch (answer.Kind)
                    {
                        case WorkAnswer.Ready:
                            // Loading the networks is no recording's time.
                            began = Stopwatch.GetTimestamp();
                            break;
                        case "progress":
                            report(answer.Position);
                            break;
                        case "done":
                            return answer;
                        case "failed" or "fatal":
                            return cancelled is null ? Failed(answer.ExitCode, answer.Message!) : TimedOut();
                    }
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // A tick.
            }
            catch (OperationCanceledException)
            {
                Dispose();
                throw;
            }

            if (cancelled is null && _process.IsReady && Stopwatch.GetElapsedTime(began).TotalSeconds > limit)
            {
                cancelled = Stopwatch.GetTimestamp();
                _process.Send(new WorkRequest { Kind = "cancel", Recording = request.Recording });
            }
            else if (cancelled is long since && Stopwatch.GetElapsedTime(since) > CancelPatience)
            {
                Dispose();
                return TimedOut();
            }
            else if (_process.Memory() > limits.Memory)
            {
                Dispose();
                return Failed(ExitCode.Killed, string.Create(CultureInfo.InvariantCulture, $"more than {limits.Memory / 1048576.0:0} MiB of memory were needed"));
            }
        }

        WorkAnswer TimedOut() => Failed(ExitCode.TimeLimit, string.Create(CultureInfo.InvariantCulture, $"it was not done within {limit:0.#} s"));
    }

    /// <summary>Ends the process; the next job starts another.</summary>
    public void Dispose()
    {
        _process?.End();
        _process?.Dispose();
        _process = null;
    }

    private WorkAnswer Ended()
    {
        (int exitCode, string said) = _process!.WaitForEnd();
        bool ready = _process.IsReady;
        Dispose();
        return Failed(exitCode, ready ? $"the process that worked on it ended with exit code {exitCode.ToString(CultureInfo.InvariantCulture)}{(said.Length > 0 ? $": {said}" : "")}" : $"the process for it did not start: {said}");
    }

    private static WorkAnswer Failed(int exitCode, string message) => new() { Kind = "failed", ExitCode = exitCode, Message = message };
}
