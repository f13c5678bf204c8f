using System.Diagnostics;
using System.Globalization;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests.Batch;

/// <summary>Workers of a queue as processes, one place each; those that are left end with the test.</summary>
/// <param name="cluster">The queue's servers.</param>
internal sealed class WorkerProcesses(NatsCluster cluster) : IDisposable
{
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
