using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text;
using Diarist.Cli.Batch;
using Diarist.Cli.Queue;
using Diarist.Jobs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist worker</c>: does the jobs of a queue until it is told to end.</summary>
internal static class WorkerCommand
{
    private static readonly Option<string?> Metrics = new("--metrics") { Description = "Serve metrics for Prometheus at this address, such as http://127.0.0.1:9464/.", HelpName = "URL" };
    private static readonly Option<int?> Threads = OptionFactory.Count("--threads", "Threads of each job; default: the processors divided by --jobs.", 1, 256);
    private static readonly Option<string[]> FetchHost = new("--fetch-host") { Description = "A host that recordings may be fetched from (submit --url-prefix); may be given several times. Without it nothing is.", HelpName = "NAME" };
    private static readonly Option<string[]> FetchNetwork = new("--fetch-network") { Description = "Addresses that such a host may have besides public ones, such as 10.0.0.0/8; may be given several times.", HelpName = "NETWORK" };
    private static readonly Option<string?> Packs = new("--packs") { Description = "A folder of packs to look in first (a mirror).", HelpName = "DIR" };

    public static Command Create()
    {
        var command = new Command("worker", "Do the jobs of a queue on NATS JetStream, until a signal ends it.") { Metrics, Threads, FetchHost, FetchNetwork, Packs };
        QueueArguments.AddTo(command);
        BatchLimits.AddTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        BatchLimits limits = BatchLimits.Read(parsed);
        string worker = string.Create(CultureInfo.InvariantCulture, $"{PartNames.Host}-{Environment.ProcessId}");
        JobQueueOptions options = QueueArguments.Read(parsed) with { ClientName = $"diarist worker {worker}", Tries = limits.Tries };
        using var fetcher = new AudioFetcher(parsed.GetValue(FetchHost) ?? [], Networks(parsed.GetValue(FetchNetwork) ?? []));
        await using JobQueue queue = await JobQueue.ConnectAsync(options, create: false, cancellationToken).ConfigureAwait(false);
        Interruption.Allow(TimeSpan.FromSeconds(limits.Grace));
        int threads = parsed.GetValue(Threads) ?? Math.Max(1, Environment.ProcessorCount / limits.Jobs);
        string[] arguments = ["--threads", threads.ToString(CultureInfo.InvariantCulture), .. parsed.GetValue(Packs) is { } packs ? (string[])["--packs", packs] : []];
        using var counts = new WorkerCounts();
        using HttpListener? listener = parsed.GetValue(Metrics) is { } address ? Serve(address, counts, queue, cancellationToken) : null;
        if (!Messages.Quiet)
        {
            Console.Error.WriteLine($"diarist: worker {worker} takes jobs, {limits.Jobs.ToString(CultureInfo.InvariantCulture)} at a time.");
        }

        BatchLimits each = limits with { Memory = limits.Memory / limits.Jobs };
        WorkSlot[] slots = [.. Enumerable.Range(0, limits.Jobs).Select(_ => new WorkSlot(queue, each, fetcher, worker, arguments, counts))];
        try
        {
            await Task.WhenAll(slots.Select(slot => slot.RunAsync(Interruption.Draining, cancellationToken))).ConfigureAwait(false);
        }
        finally
        {
            Array.ForEach(slots, slot => slot.Dispose());
        }

        Interruption.Draining.ThrowIfCancellationRequested();
    }

    private static IPNetwork[] Networks(string[] texts) =>
        [.. texts.Select(text => IPNetwork.TryParse(text, out IPNetwork network) ? network : throw new UsageException($"--fetch-network takes a network such as 10.0.0.0/8, not '{text}'."))];

    private static HttpListener Serve(string address, WorkerCounts counts, JobQueue queue, CancellationToken cancellationToken)
    {
        var listener = new HttpListener();
        try
        {
            listener.Prefixes.Add(address.EndsWith('/') ? address : address + "/");
            listener.Start();
        }
        catch (Exception error) when (error is ArgumentException or HttpListenerException)
        {
            throw new UsageException($"--metrics {address}: {error.Message}");
        }

        _ = Task.Run(
            async () =>
            {
                try
                {
                    while (listener.IsListening)
                    {
                        HttpListenerContext context = await listener.GetContextAsync().ConfigureAwait(false);
                        byte[] text = Encoding.UTF8.GetBytes(counts.ToText(await queue.DepthAsync(cancellationToken).ConfigureAwait(false)));
                        context.Response.ContentType = "text/plain; version=0.0.4";
                        await context.Response.OutputStream.WriteAsync(text, cancellationToken).ConfigureAwait(false);
                        context.Response.Close();
                    }
                }
                catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
                {
                    // The worker ends.
                }
            },
            cancellationToken);
        return listener;
    }
}
