using System.Diagnostics;
using System.Globalization;
using Diarist.Jobs;

namespace Diarist.Benchmarks;

/// <summary>
/// The limits of the queue alone: workers that sleep for the time that listening takes, in one process. Prints a table; benchmarks/cluster.sh starts a
/// server and runs it.
/// </summary>
internal static class QueueScaling
{
    // A result as large as the JSON of some minutes, compressed.
    private const int ResultBytes = 4096;
    private const int WorkersPerConnection = 25;
    private const double RowSeconds = 10;
    private const int MostJobs = 20_000;

    /// <summary>Measures.</summary>
    /// <param name="url">The server.</param>
    /// <param name="seconds">How long a job takes.</param>
    /// <param name="replicas">On how many servers everything is kept.</param>
    public static async Task<int> RunAsync(string url, double seconds, int replicas)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Jobs of {seconds:0.00} s, kept on {replicas} server(s).\n"));
        Console.WriteLine("| workers | jobs | handed in a second | done a second | of the ideal |\n|---:|---:|---:|---:|---:|");
        foreach (int workers in (int[])[1, 10, 100, 300, 1000])
        {
            int jobs = Math.Clamp((int)(RowSeconds * workers / seconds), 5, MostJobs);
            var options = new JobQueueOptions { Url = url, Queue = $"sim{workers}r{replicas}-{Environment.ProcessId}", Replicas = replicas };
            (double handed, double done) = await MeasureAsync(options, workers, jobs, seconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {workers} | {jobs} | {jobs / handed:0} | {jobs / done:0.0} | {jobs / done * seconds / workers:0%} |"));
        }

        return 0;
    }

    private static async Task<(double Handed, double Done)> MeasureAsync(JobQueueOptions options, int workers, int jobs, double seconds)
    {
        await using JobQueue submitter = await JobQueue.ConnectAsync(options, create: true, CancellationToken.None);
        long start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, jobs),
            new ParallelOptions { MaxDegreeOfParallelism = 64 },
            async (number, stop) => await submitter.SubmitAsync(JobOf(number), again: false, stop));
        double handed = Stopwatch.GetElapsedTime(start).TotalSeconds;

        JobQueue[] connections = await Task.WhenAll(Enumerable.Range(0, (workers + WorkersPerConnection - 1) / WorkersPerConnection).Select(_ => JobQueue.ConnectAsync(options, create: false, CancellationToken.None)));
        try
        {
            using var stop = new CancellationTokenSource();
            var result = new byte[ResultBytes];
            int left = jobs;
            start = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
            {
                JobQueue queue = connections[worker / WorkersPerConnection];
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        if (await queue.TakeAsync(TimeSpan.FromSeconds(5), stop.Token) is not { } lease)
                        {
                            continue;
                        }

                        await using (lease)
                        {
                            // As a worker does: look for a result, listen, say how it ended.
                            await queue.FindEndAsync(lease.Job.Name, CancellationToken.None);
                            await Task.Delay(TimeSpan.FromSeconds(seconds), CancellationToken.None);
                            await lease.CompleteAsync(new JobResult { Name = lease.Job.Name, Id = lease.Job.Id, Sidecar = "{}", Files = [""], Contents = [result] }, CancellationToken.None);
                        }

                        if (Interlocked.Decrement(ref left) == 0)
                        {
                            await stop.CancelAsync();
                        }
                    }
                    catch (OperationCanceledException)
                    {
                        // All jobs are done.
                    }
                }
            })));
            return (handed, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        finally
        {
            foreach (JobQueue connection in connections)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private static Job JobOf(int number)
    {
        string id = number.ToString("x40", CultureInfo.InvariantCulture);
        return new Job { Name = id, Id = id, Key = id, Arguments = ["--precision", "int8"], Recording = "{}", FileName = "audio.wav", Path = "/data/audio.wav", Seconds = 60 };
    }
}
