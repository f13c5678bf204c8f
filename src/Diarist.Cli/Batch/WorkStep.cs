namespace Diarist.Cli.Batch;

/// <summary>A step of the work on a recording, for one that several machines share or that a server keeps a session of.</summary>
internal sealed record WorkStep
{
    /// <summary>Hears the windows of a range.</summary>
    public const string Windows = "windows";

    /// <summary>Hears the voices of a range; <see cref="Inputs"/> are the windows of all ranges.</summary>
    public const string Voices = "voices";

    /// <summary>Makes the result of all ranges; <see cref="Inputs"/> are their windows and voices.</summary>
    public const string Join = "join";

    /// <summary>Makes a session.</summary>
    public const string Session = "session";

    /// <summary>One of the names above.</summary>
    public required string Name { get; init; }

    /// <summary>The beginning of the range in seconds.</summary>
    public double From { get; init; }

    /// <summary>Its end; null for that of the recording.</summary>
    public double? To { get; init; }

    /// <summary>Files of the steps before.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The file that is written; a join writes the result of the recording instead.</summary>
    public string? Output { get; init; }

    /// <summary>What messages and the session call the recording.</summary>
    public string? Title { get; init; }
}
