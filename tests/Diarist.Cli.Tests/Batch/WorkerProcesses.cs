using System.Diagnostics;
using System.Globalization;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>Workers of a queue as processes, one place each; those that are left end with the test.</summary>
/// <param name="cluster">The queue's servers.</param>
internal sealed class WorkerProcesses(NatsCluster cluster) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<Process> _workers = [];

    /// <summary>How many there are.</summary>
    public int Count => _workers.Count;

    /// <summary>The options that name the queue. A worker that is silent for three seconds loses its job.</summary>
    public static string[] Queue(NatsCluster cluster) => ["--nats", cluster.Url, "--ack-wait", "3", "--replicas", cluster.Nodes.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Starts one more.</summary>
    public Process Start(string[]? options = null, params (string, string)[] environment)
    {
        Process worker = Create(options ?? [], environment);
        _workers.Add(worker);
        return worker;
    }

    /// <summary>Waits until a worker works on a job: until it has a process for that.</summary>
    public static async Task BeAtWorkAsync(Process worker)
    {
        string parent = string.Create(CultureInfo.InvariantCulture, $"PPid:\t{worker.Id}");
        for (long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !Directory.EnumerateDirectories("/proc").Any(IsChild); await Task.Delay(20))
        {
            Assert.True(Environment.TickCount64 < end && !worker.HasExited, "the worker got no job");
        }

        bool IsChild(string folder)
        {
            try
            {
                return File.ReadLines(Path.Combine(folder, "status")).Contains(parent);
            }
            catch (IOException)
            {
                // No process, or one that has ended.
                return false;
            }
        }
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public static async Task EndAsync(Process process)
    {
        using (var term = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await term.WaitForExitAsync();
        }

        await process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Kills one without warning and starts another.</summary>
    public void Replace(int index)
    {
        _workers[index].Kill();
        _workers[index].Dispose();
        _workers[index] = Create([], []);
    }

    public void Dispose()
    {
        foreach (Process worker in _workers)
        {
            if (!worker.HasExited)
            {
                worker.Kill(entireProcessTree: true);
            }

            worker.Dispose();
        }
    }

    private Process Create(string[] options, (string, string)[] environment)
    {
        Process worker = CliProcess.Start(["worker", "--jobs", "1", "--threads", "1", .. options, .. Queue(cluster)], null, environment);
        worker.BeginErrorReadLine();
        worker.BeginOutputReadLine();
        return worker;
    }
}
