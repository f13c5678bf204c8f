namespace Diarist.Server.Storage;

/// <summary>Where a job stands.</summary>
internal enum JobState
{
    /// <summary>Its recording is not here yet, or in part.</summary>
    Uploading,

    /// <summary>It waits.</summary>
    Queued,

    /// <summary>It is worked on.</summary>
    Running,

    /// <summary>Its session is there.</summary>
    Done,

    /// <summary>It could not be done.</summary>
    Failed,

    /// <summary>Somebody stopped it.</summary>
    Cancelled,
}

/// <summary>Who a job is for, and with that how long it is kept.</summary>
internal enum JobKind
{
    /// <summary>A recording of the page and of its interface: kept until it is deleted, or as long as recordings are kept.</summary>
    Recording,

    /// <summary>A request whose client waits for the answer: gone with the last client.</summary>
    Request,

    /// <summary>A job whose result is asked for later: kept for a day.</summary>
    Remote,

    /// <summary>No job but a recording that jobs may name: kept for a day.</summary>
    Media,
}

/// <summary>What a job is asked to do.</summary>
internal sealed record JobOptions
{
    /// <summary>The number of speakers.</summary>
    public int? Speakers { get; init; }

    /// <summary>The fewest speakers.</summary>
    public int? MinSpeakers { get; init; }

    /// <summary>The most speakers.</summary>
    public int? MaxSpeakers { get; init; }

    /// <summary>The language, for the recognizer.</summary>
    public string? Language { get; init; }

    /// <summary>Whether words are wanted; <see langword="null"/> wants them where there is a recognizer.</summary>
    public bool? Transcribe { get; init; }

    /// <summary>Whether the result has one speaker at a time beside all turns.</summary>
    public bool Exclusive { get; init; }

    /// <summary>Whether the result says how sure each turn is.</summary>
    public bool Confidence { get; init; }
}

/// <summary>Why a job failed.</summary>
/// <param name="Code">A word for programs.</param>
/// <param name="Message">A sentence for people.</param>
internal sealed record JobError(string Code, string Message);

/// <summary>Whom to tell when a job has ended.</summary>
/// <param name="Address">The address that is posted to.</param>
/// <param name="StatusOnly">Whether the result is left out.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="Settled">Whether it was told, or given up.</param>
internal sealed record JobWebhook(string Address, bool StatusOnly, int Tries = 0, bool Settled = false);

/// <summary>A recording and what is done with it.</summary>
internal sealed record Job
{
    /// <summary>Its identifier, which is also the name of its folder.</summary>
    public required string Id { get; init; }

    /// <summary>Who it is for.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public required JobState State { get; init; }

    /// <summary>What the client calls the recording; never a path here.</summary>
    public required string Name { get; init; }

    /// <summary>The bytes that the recording has, or will have.</summary>
    public required long Size { get; init; }

    /// <summary>The bytes that are here.</summary>
    public long Offset { get; init; }

    /// <summary>What is asked for.</summary>
    public required JobOptions Options { get; init; }

    /// <summary>Where the recording is fetched from before it is worked on; <see langword="null"/> when the client brings it.</summary>
    public string? Source { get; init; }

    /// <summary>SHA-256 of the bytes with the options: equal jobs have equal keys. Empty until the bytes are here.</summary>
    public string Key { get; init; } = "";

    /// <summary>When it came.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The length of the recording in seconds, once it is known.</summary>
    public double? Seconds { get; init; }

    /// <summary>The number of speakers, once it is known.</summary>
    public int? Speakers { get; init; }

    /// <summary>Whether its session has words.</summary>
    public bool HasWords { get; init; }

    /// <summary>Sentences for the user.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Why it failed.</summary>
    public JobError? Error { get; init; }

    /// <summary>Whom to tell.</summary>
    public JobWebhook? Webhook { get; init; }

    /// <summary>Whether nothing more happens to it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsOver => State is JobState.Done or JobState.Failed or JobState.Cancelled;
}
