namespace Diarist.Packs;

/// <summary>How patient a download is.</summary>
internal sealed record DownloadLimits
{
    /// <summary>For a connection to be made.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For a server to answer with its headers.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two pieces of content.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The mean rate under which a connection that has lasted <see cref="Idle"/> is given up.</summary>
    public double MinimumBytesPerSecond { get; init; } = 1024;

    /// <summary>Attempts in a row that bring nothing, at one address.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Attempts in a row that reach nobody, at one address.</summary>
    public int Connections { get; init; } = 2;

    /// <summary>Attempts in all, at one address.</summary>
    public int AttemptsInAll { get; init; } = 200;

    /// <summary>The first wait between attempts; each further one is twice as long.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest wait between attempts.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The longest wait that a server may ask for.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Redirects in a row.</summary>
    public int Redirects { get; init; } = 5;

    /// <summary>For another process that holds the store.</summary>
    public TimeSpan Lock { get; init; } = TimeSpan.FromMinutes(30);
}
