namespace Diarist.Jobs;

/// <summary>Where a queue is, how one is let in, and how it treats its jobs.</summary>
public sealed record JobQueueOptions
{
    /// <summary>The servers, with commas between: <c>nats://host:4222</c>, or <c>tls://</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The servers as messages name them: without a user and a password.</summary>
    internal string ShownUrl => string.Join(',', Url.Split(',').Select(server =>
        server.LastIndexOf('@') is > 0 and var end ? $"{server[..(server.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0)]}{server[(end + 1)..]}" : server));

    /// <summary>The name of this process among the server's connections.</summary>
    public string ClientName { get; init; } = "diarist";

    /// <summary>A file of credentials (<c>.creds</c>).</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>A file with an NKey seed.</summary>
    public string? NKeyFile { get; init; }

    /// <summary>The certificate of the authority that signed the server's certificate.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>This client's certificate, where the server asks for one.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The private key of that certificate.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The first word of streams, subjects and buckets, so that queues on one server do not meet: letters, digits and hyphens.</summary>
    public string Queue { get; init; } = "diarist";

    /// <summary>On how many servers of a cluster everything is kept, 1 to 5.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>How long a worker may be silent before its job is another's.</summary>
    public TimeSpan AckWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a job may fail before it is a dead letter.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>How long audio, results and dead letters are kept.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many jobs may wait; a queue that is full takes no more until workers have taken some.</summary>
    public int MostWaiting { get; init; } = 100_000;
}

/// <summary>The queue cannot be reached or refuses what is asked of it.</summary>
public sealed class JobQueueException(string message, Exception? innerException = null) : DiaristException(message, innerException);
