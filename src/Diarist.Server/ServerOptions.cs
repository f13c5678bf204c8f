using System.Net;
using Diarist.Asr;
using Diarist.Packs;

namespace Diarist.Server;

/// <summary>How the server runs. The defaults need no configuration: this machine only, no key, no recognizer.</summary>
public sealed record ServerOptions
{
    /// <summary>Where it listens; port 0 takes a free one. Default 127.0.0.1:8420. Addresses beyond this machine demand <see cref="ApiKeys"/>.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8420);

    /// <summary>The folder that holds recordings and jobs; it is made, for its owner only.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The recognizer that gives words; <see langword="null"/> has none.</summary>
    public ITranscriber? Engine { get; init; }

    /// <summary>What clients see as the recognizer's name.</summary>
    public string EngineName { get; init; } = "";

    /// <summary>How many recordings are worked on at a time. Default 1: one recording takes all processors.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The keys of which a client must send one; none asks for none.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>The most bytes that a recording may have. Default 2 GiB.</summary>
    public long MaximumUploadBytes { get; init; } = 2L << 30;

    /// <summary>The longest recording in hours of sound, whatever its size in bytes. Default 24.</summary>
    public double MaximumHours { get; init; } = 24;

    /// <summary>How many jobs may wait. Default 100.</summary>
    public int MaximumQueue { get; init; } = 100;

    /// <summary>How long finished recordings are kept; <see langword="null"/> keeps them until they are deleted.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>The most bytes that kept recordings may have together; the oldest finished ones go first. <see langword="null"/> sets no limit.</summary>
    public long? MaximumDataBytes { get; init; }

    /// <summary>Names besides <c>localhost</c> and addresses that a request may be addressed to.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Origins (such as <c>https://intranet.example</c>) whose pages may use this server.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Hosts that recordings may be fetched from, and that may be told of results; none fetches nothing.</summary>
    public IReadOnlyList<string> FetchHosts { get; init; } = [];

    /// <summary>How often a sign of life is sent to a client that waits. Default 10 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the status of an answer waits for the work: what fails within this time is told by the status.</summary>
    internal TimeSpan StatusWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The options of every job, apart from the number of speakers. The recipe is always <see cref="Recipe.Segments"/>.</summary>
    public DiarizerOptions Diarizer { get; init; } = new();

    /// <summary>Whether names and voices of people are refused: those of known speakers with a request, and names for speakers in corrections.</summary>
    public bool Anonymous { get; init; }

    /// <summary>What listens to recordings; <see langword="null"/> listens in this process. Recordings of requests that name known speakers are listened to here in any case.</summary>
    public IRecordingListener? Listener { get; init; }

    /// <summary>Where the networks are found; <see langword="null"/> looks in the usual places.</summary>
    public PackStore? Packs { get; init; }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Whether a connection may be made to an address.</summary>
    internal Func<IPAddress, bool> MayConnect { get; init; } = Security.PublicAddresses.Contains;

    /// <summary>How long the second and the third try to tell of a job's end wait.</summary>
    internal IReadOnlyList<TimeSpan> WebhookWaits { get; init; } = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];

    /// <summary>Checks the options against each other.</summary>
    /// <exception cref="ArgumentException">A value is out of range, or the server would be open to others without a key.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(DataFolder), "The server needs a folder for its data.");
        Require(Workers is >= 1 and <= 256, $"The number of workers ({Workers}) lies between 1 and 256.");
        Require(MaximumUploadBytes >= 1, $"The largest upload ({MaximumUploadBytes} bytes) must be positive.");
        Require(MaximumHours > 0, $"The longest recording ({MaximumHours} hours) must be positive.");
        Require(MaximumQueue >= 1, $"The queue ({MaximumQueue}) must hold at least one job.");
        Require(KeepAlive > TimeSpan.Zero, "The interval between signs of life must be positive.");
        Require(Diarizer.Recipe == Recipe.Segments, $"Only the recipe {Recipe.Segments} keeps what corrections need.");
        Require(ApiKeys.All(key => key.Length >= 16), "A key has at least 16 characters.");
        Require(ApiKeys.Count > 0 || IPAddress.IsLoopback(Listen.Address), $"{Listen.Address} can be reached from other machines; the server demands keys there.");
        Diarizer.Validate();
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
