using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Diarist.Cli.Queue;
using Diarist.Jobs;
using Diarist.Packs;
using Diarist.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist serve</c>: the server.</summary>
internal static class ServeCommand
{
    private const int MostWorkers = 256;

    // They only wait for the workers of the queue.
    private const int WorkersOfQueue = 32;

    private static readonly Option<string> Listen = new("--listen") { Description = "Address and port; port 0 takes a free one.", HelpName = "ADDRESS:PORT", DefaultValueFactory = _ => "127.0.0.1:8420" };
    private static readonly Option<string> Data = new("--data") { Description = "The folder that holds recordings and jobs.", HelpName = "DIR", DefaultValueFactory = _ => "diarist-data" };
    private static readonly Option<int?> Workers = OptionFactory.Count("--workers", "Recordings that are worked on at a time; 1, the default, gives one all processors. With --queue it is 32.", 1, MostWorkers);
    private static readonly Option<string?> KeyFile = new("--api-key-file") { Description = "A file with keys, one a line, of which a client must send one.", HelpName = "FILE" };
    private static readonly Option<string> MaximumUpload = new("--max-upload") { Description = "The largest recording, such as 500MB or 2GB.", HelpName = "SIZE", DefaultValueFactory = _ => "2GB" };
    private static readonly Option<int?> MaximumQueue = OptionFactory.Count("--max-queue", "Recordings that may wait; default 100.", 1, 1_000_000);

    private static readonly Option<string[]> AllowHost = Names("--allow-host", "A name that requests may be addressed to, besides localhost and addresses; may be given several times.", "NAME");
    private static readonly Option<string[]> AllowOrigin = Names("--allow-origin", "A site whose pages may use this server, such as https://intranet.example; may be given several times.", "ORIGIN");
    private static readonly Option<string[]> FetchHost = Names("--fetch-host", "A host that recordings may be fetched from and results sent to; may be given several times. Without it no host is.", "NAME");
    private static readonly Option<double?> KeepDays = OptionFactory.Number("--keep-days", "Delete finished recordings after so many days; without it they are kept until somebody deletes them.", 0.001, 1e5, "days");
    private static readonly Option<string?> MaximumData = new("--max-data") { Description = "Delete the oldest finished recordings when all have more bytes together, such as 50GB.", HelpName = "SIZE" };
    private static readonly Option<double?> MaximumHours = OptionFactory.Number("--max-hours", "The longest recording in hours of sound; default 24.", 0.001, 1000, "hours");
    private static readonly Option<bool> Anonymous = new("--anonymous") { Description = "Take no names and no voices of people; speakers stay SPEAKER_00 and so on." };
    private static readonly PacksOptions Packs = new();

    public static Command Create()
    {
        var command = new Command("serve", "Answer clients of transcription and diarization services, and show a page.") { Listen, Data, Workers, KeyFile, MaximumUpload, MaximumQueue, AllowHost, AllowOrigin, FetchHost, KeepDays, MaximumData, MaximumHours, Anonymous };
        Packs.AddPlacesTo(command);
        EngineArguments.AddTo(command, required: false);
        QueueArguments.AddOptionalTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string listen = parsed.GetRequiredValue(Listen);
        PackStore packs = Packs.Open(parsed);
        await using JobQueue? queue = QueueArguments.ReadOptional(parsed) is { } queueOptions
            ? await JobQueue.ConnectAsync(queueOptions with { ClientName = "diarist serve" }, create: true, cancellationToken).ConfigureAwait(false)
            : null;
        var options = new ServerOptions
        {
            Listen = IPEndPoint.TryParse(listen.Replace("localhost", "127.0.0.1", StringComparison.Ordinal), out IPEndPoint? endpoint) && listen.Contains(':', StringComparison.Ordinal) ? endpoint : throw new UsageException($"--listen takes an address and a port, such as 127.0.0.1:8420, not '{listen}'."),
            DataFolder = parsed.GetRequiredValue(Data),
            Engine = await EngineArguments.CreateIfChosenAsync(parsed, Packs, cancellationToken).ConfigureAwait(false),
            EngineName = EngineArguments.NameOf(parsed),
            Workers = parsed.GetValue(Workers) ?? (queue is null ? 1 : WorkersOfQueue),
            ApiKeys = parsed.GetValue(KeyFile) is { } file ? ReadKeys(file) : [],
            MaximumUploadBytes = Size(parsed.GetRequiredValue(MaximumUpload), MaximumUpload),
            MaximumQueue = parsed.GetValue(MaximumQueue) ?? 100,
            MaximumHours = parsed.GetValue(MaximumHours) ?? 24,
            MaximumDataBytes = parsed.GetValue(MaximumData) is { } most ? Size(most, MaximumData) : null,
            Retention = parsed.GetValue(KeepDays) is { } days ? TimeSpan.FromDays(days) : null,
            AllowedHosts = parsed.GetValue(AllowHost) ?? [],
            AllowedOrigins = parsed.GetValue(AllowOrigin) ?? [],
            FetchHosts = parsed.GetValue(FetchHost) ?? [],
            Anonymous = parsed.GetValue(Anonymous),
            Packs = packs,
            Listener = queue is null ? null : new QueueListener(queue, packs),
        };
        WebApplication server;
        try
        {
            server = DiaristServer.Create(options);
        }
        catch (ArgumentException error)
        {
            throw UsageException.From(error);
        }

        await using (server.ConfigureAwait(false))
        {
            try
            {
                await server.StartAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                string reason = error.InnerException is AddressInUseException ? "another program listens there" : error.Message;
                throw new InputException($"--listen {listen}", $"the server cannot start: {reason}; name another address or port; port 0 takes a free one", error);
            }

            string address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            Console.Error.WriteLine($"diarist: serving at {address}; data in {Path.GetFullPath(options.DataFolder)}");
            await Task.Delay(System.Threading.Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private static string[] ReadKeys(string file)
    {
        string[] keys = [.. File.ReadAllLines(file).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        return keys.Length > 0 ? keys : throw new InputException(file, "holds no key");
    }

    private static Option<string[]> Names(string name, string description, string value) => new(name) { Description = description, HelpName = value };

    private static long Size(string text, Option option)
    {
        foreach ((string unit, long bytes) in (ReadOnlySpan<(string, long)>)[("GB", 1L << 30), ("MB", 1L << 20), ("KB", 1L << 10), ("B", 1)])
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase) && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number > 0 && number * bytes < 1e15)
            {
                return (long)(number * bytes);
            }
        }

        throw new UsageException($"{option.Name} takes a size such as 500MB or 2GB, not '{text}'.");
    }
}
