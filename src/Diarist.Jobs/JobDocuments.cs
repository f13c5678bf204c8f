using System.Text.Json.Serialization;

namespace Diarist.Jobs;

/// <summary>One recording to diarize, as the queue carries it.</summary>
public sealed record Job
{
    /// <summary>What the job is called in subjects: letters and digits; two jobs of one name are the same work.</summary>
    public required string Name { get; init; }

    /// <summary>The recording's id, as its user knows it.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of content, options, recipe and networks; a worker that would compute another has other networks.</summary>
    public required string Key { get; init; }

    /// <summary>The options, as arguments of the command line that a worker runs.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The recording's options as JSON, which only the command line reads.</summary>
    public required string Recording { get; init; }

    /// <summary>The file's name, which results mention.</summary>
    public required string FileName { get; init; }

    /// <summary>The object that holds the audio; <see langword="null"/> when workers read <see cref="Path"/> or <see cref="Url"/>.</summary>
    public string? Audio { get; init; }

    /// <summary>The path of the audio, on a disk that all workers see under one name.</summary>
    public string? Path { get; init; }

    /// <summary>The address of the audio, on a host that workers may fetch from.</summary>
    public string? Url { get; init; }

    /// <summary>The length of the audio at <see cref="Url"/> in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The length of the recording, or of the part of it that is asked for, in seconds, as far as it is known.</summary>
    public double? Seconds { get; init; }

    /// <summary>Which step of the work it is, in a word that only the command line reads; <see langword="null"/> for all of it.</summary>
    public string? Step { get; init; }

    /// <summary>The beginning of the part of the recording that is asked for, in seconds.</summary>
    public double From { get; init; }

    /// <summary>The end of that part, in seconds; <see langword="null"/> for that of the recording.</summary>
    public double? To { get; init; }

    /// <summary>Files of results of other jobs that this one needs.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>What messages call the recording, where that is not <see cref="FileName"/>.</summary>
    public string? Title { get; init; }
}

/// <summary>How a job ended: with a result, or in the stream of dead letters.</summary>
public sealed record JobResult
{
    /// <summary>The job's name.</summary>
    public required string Name { get; init; }

    /// <summary>The recording's id.</summary>
    public required string Id { get; init; }

    /// <summary>The result's description as JSON, which only the command line reads; <see langword="null"/> for a dead letter.</summary>
    public string? Sidecar { get; init; }

    /// <summary>The objects that hold the result's files, in the order of the description; an empty name for one that is in <see cref="Contents"/>.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The files that are small enough for a message, compressed (DEFLATE); empty for the others.</summary>
    public IReadOnlyList<byte[]> Contents { get; init; } = [];

    /// <summary>For a dead letter: the exit code of the last try.</summary>
    public int ExitCode { get; init; }

    /// <summary>For a dead letter: what the last try said.</summary>
    public string? Message { get; init; }

    /// <summary>How often the job failed.</summary>
    public int Tries { get; init; }

    /// <summary>The seconds that the work took.</summary>
    public double Took { get; init; }

    /// <summary>The worker that did it.</summary>
    public string? Worker { get; init; }
}

/// <summary>The JSON of jobs, written and read without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(JobResult))]
internal sealed partial class JobJson : JsonSerializerContext;
