using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Diarist.Cli.Tests.Support;
using Diarist.Processes;

namespace Diarist.Cli.Tests.Batch;

/// <summary>Slurm on this machine for one test: its own key, controller and node of four slots, in a folder of its own.</summary>
internal sealed class SlurmCluster : IAsyncDisposable
{
    private readonly List<Process> _daemons = [];
    private readonly string _folder;

    private SlurmCluster(string folder) => _folder = folder;

    private string Configuration => Path.Combine(_folder, "slurm.conf");

    /// <summary>Skips the test where Slurm is not installed, and says so.</summary>
    public static void Require()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Slurm runs on Linux");
        Assert.SkipUnless(Environment.UserName == "root", "slurmd needs root");
        string[] missing = [.. new[] { "slurmctld", "slurmd", "sbatch", "munged" }.Where(program => Find(program) is null)];
        Assert.SkipWhen(missing.Length > 0, $"needs {string.Join(", ", missing)} (Debian's slurm-wlm and munge)");
    }

    /// <summary>Starts it.</summary>
    public static async Task<SlurmCluster> StartAsync(ScratchFolder scratch)
    {
        string folder = Directory.CreateDirectory(Path.Combine(scratch.Path, "slurm")).FullName;
        var cluster = new SlurmCluster(folder);
        string key = Path.Combine(folder, "munge.key");
        File.WriteAllBytes(key, System.Security.Cryptography.RandomNumberGenerator.GetBytes(1024));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead);
        }

        string host = Dns.GetHostName().Split('.')[0];
        string socket = Path.Combine(folder, "munge.sock");
        File.WriteAllText(cluster.Configuration, $"""
            ClusterName=test
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={FreePort()}
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            CredType=cred/munge
            AuthInfo=socket={socket}
            StateSaveLocation={Directory.CreateDirectory(Path.Combine(folder, "state")).FullName}
            SlurmdSpoolDir={Directory.CreateDirectory(Path.Combine(folder, "spool")).FullName}
            SlurmctldPidFile={folder}/slurmctld.pid
            SlurmdPidFile={folder}/slurmd.pid
            SlurmctldLogFile={folder}/slurmctld.log
            SlurmdLogFile={folder}/slurmd.log
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            SchedulerType=sched/builtin
            SchedulerParameters=batch_sched_delay=0,sched_interval=1
            SlurmdParameters=config_overrides
            MpiDefault=none
            ReturnToService=2
            KillWait=5
            NodeName={host} NodeAddr=127.0.0.1 Port={FreePort()} CPUs=4 RealMemory=32000 State=UNKNOWN
            PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP

            """);
        try
        {
            cluster.Daemon("munged", "--foreground", "--force", $"--key-file={key}", $"--socket={socket}", $"--pid-file={folder}/munge.pid", $"--log-file={folder}/munge.log", $"--seed-file={folder}/munge.seed", "--num-threads=2");
            await Until(() => Task.FromResult(File.Exists(socket)), "munged");
            cluster.Daemon("slurmctld", "-D", "-i", "-f", cluster.Configuration);
            cluster.Daemon("slurmd", "-D", "-f", cluster.Configuration);
            await Until(async () => (await cluster.RunAsync("sinfo", "-h", "-o", "%T")).Trim() == "idle", "slurmd");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one of Slurm's programs and gives what it prints.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await error;
    }

    /// <summary>Starts a program that knows this cluster.</summary>
    public Process Start(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Find(program)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.Environment["SLURM_CONF"] = Configuration;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits until no job waits or runs; jobs that were requeued start at once and not after Slurm's two minutes.</summary>
    public Task FinishAsync() => Until(
        async () =>
        {
            string[] jobs = (await RunAsync("squeue", "-h", "-o", "%i %T %r")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (string waiting in jobs.Where(job => job.Contains("BeginTime", StringComparison.Ordinal)))
            {
                await RunAsync("scontrol", "update", $"JobId={waiting.Split(' ')[0]}", "StartTime=now");
            }

            return jobs.Length == 0;
        },
        "the jobs");

    /// <summary>Waits for something that happens soon.</summary>
    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        for (long end = Environment.TickCount64 + 120_000; !await condition(); await Task.Delay(50))
        {
            Assert.True(Environment.TickCount64 < end, $"{what} did not come so far within two minutes");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemons.Count == 3)
        {
            await RunAsync("scancel", "--signal=KILL", "--full", "--user=root");
        }

        foreach (Process daemon in Enumerable.Reverse(_daemons))
        {
            if (!daemon.HasExited)
            {
                daemon.Kill(entireProcessTree: true);
                await daemon.WaitForExitAsync();
            }

            daemon.Dispose();
        }
    }

    private void Daemon(string program, params string[] arguments)
    {
        Process daemon = Start(program, arguments);
        daemon.BeginOutputReadLine();
        daemon.BeginErrorReadLine();
        _daemons.Add(daemon);
    }

    // Debian keeps daemons where only root looks.
    private static string? Find(string program) =>
        ExternalProgram.Find(program) ?? (File.Exists($"/usr/sbin/{program}") ? $"/usr/sbin/{program}" : null);

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
