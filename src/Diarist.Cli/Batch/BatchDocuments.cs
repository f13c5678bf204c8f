using System.Text.Json.Serialization;

namespace Diarist.Cli.Batch;

/// <summary>One file of a result.</summary>
/// <param name="Path">Its path below the output, with / between folders.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The hash of its content.</param>
internal sealed record BatchOutput(string Path, long Bytes, string Sha256);

/// <summary>
/// What is kept beside a result: the proof that it is complete, and of what. Nothing in it depends on when or where the work was done.
/// </summary>
internal sealed record BatchSidecar
{
    /// <summary>What the member <c>schema</c> holds.</summary>
    public const string CurrentSchema = "diarist-batch/1";

    public string Schema { get; init; } = CurrentSchema;

    public required string Id { get; init; }

    /// <summary>SHA-256 of content, options, recipe and networks.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of the recording.</summary>
    public required string Content { get; init; }

    /// <summary>The recording's length in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>When the recording was last written to, in ticks of UTC; with the length it tells an unchanged file without reading it.</summary>
    public required long Modified { get; init; }

    public required string Source { get; init; }

    public string? Language { get; init; }

    /// <summary>The recording's length in seconds.</summary>
    public required double Seconds { get; init; }

    public required int Speakers { get; init; }

    /// <summary>Seconds of speech, those of all speakers added.</summary>
    public required double Speech { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required IReadOnlyList<BatchOutput> Outputs { get; init; }
}

/// <summary>Why a recording has no result.</summary>
internal sealed record BatchFailure
{
    public required string Id { get; init; }

    public required string Path { get; init; }

    /// <summary>What a process of its own would have returned: 3 for input, 124 for a time limit, 128 and a signal's number for a crash.</summary>
    public required int ExitCode { get; init; }

    public required string Message { get; init; }

    public required int Tries { get; init; }

    /// <summary>Whether it is left alone from now on.</summary>
    public required bool Quarantined { get; init; }

    /// <summary>What was tried: a file that changed, or other options, begin anew.</summary>
    [JsonPropertyName("of")]
    public required string Identity { get; init; }
}

/// <summary>A line of the log of a run.</summary>
internal sealed record BatchEvent
{
    public required string Event { get; init; }

    public string? Id { get; init; }

    /// <summary>The recording's length in seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>How long the work took, in seconds.</summary>
    public double? Took { get; init; }

    public string? Message { get; init; }

    public string? Host { get; init; }

    public int? Process { get; init; }

    /// <summary>When the process began, in ticks of UTC: a number of a process is used again.</summary>
    public long? Started { get; init; }

    public int? Jobs { get; init; }
}

/// <summary>What the batch asks of the process that does the work; a JSON line.</summary>
internal sealed record WorkRequest
{
    /// <summary><c>diarize</c>, <c>cancel</c> or <c>calibrate</c>.</summary>
    public required string Kind { get; init; }

    public required BatchRecording Recording { get; init; }

    /// <summary>For a calibration: seconds to listen to.</summary>
    public double Seconds { get; init; }

    /// <summary>For a calibration: how many listen at the same time.</summary>
    public int Copies { get; init; }

    /// <summary>The step that is asked for; null for the result of the recording.</summary>
    public WorkStep? Step { get; init; }
}

/// <summary>What that process answers; a JSON line.</summary>
internal sealed record WorkAnswer
{
    /// <summary>The first answer: the networks are loaded.</summary>
    public const string Ready = "ready";

    /// <summary><c>ready</c>, <c>progress</c>, <c>done</c>, <c>failed</c>, <c>calibrated</c> or <c>fatal</c>.</summary>
    public required string Kind { get; init; }

    public string? Id { get; init; }

    public int ExitCode { get; init; }

    public string? Message { get; init; }

    /// <summary>For progress: seconds listened to. For a calibration: seconds of audio a second.</summary>
    public double Position { get; init; }

    public BatchSidecar? Sidecar { get; init; }

    /// <summary>For a step: the key of the recording that it belongs to.</summary>
    public string? Key { get; init; }

    /// <summary>Whether the result was there already.</summary>
    public bool Unchanged { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public double Took { get; init; }
}

/// <summary>The JSON of a batch, written and read without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BatchSidecar))]
[JsonSerializable(typeof(BatchFailure))]
[JsonSerializable(typeof(BatchEvent))]
[JsonSerializable(typeof(BatchReportRow))]
[JsonSerializable(typeof(BatchRecording))]
[JsonSerializable(typeof(WorkRequest))]
[JsonSerializable(typeof(WorkAnswer))]
internal sealed partial class BatchJson : JsonSerializerContext;
