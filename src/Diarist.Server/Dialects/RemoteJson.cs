using System.Text.Json.Serialization;

namespace Diarist.Server.Dialects;

internal sealed record RemoteRequest
{
    public string? Url { get; init; }

    public string? Webhook { get; init; }

    public bool WebhookStatusOnly { get; init; }

    public string? Model { get; init; }

    public int? NumSpeakers { get; init; }

    public int? MinSpeakers { get; init; }

    public int? MaxSpeakers { get; init; }

    public bool Exclusive { get; init; }

    public bool TurnLevelConfidence { get; init; }

    public bool Confidence { get; init; }

    public bool Transcription { get; init; }
}

internal sealed record RemoteSegment(double Start, double End, string Speaker, double? Confidence);

internal sealed record RemoteText(double Start, double End, string Text, string Speaker);

internal sealed record RemoteOutput
{
    public IReadOnlyList<RemoteSegment>? Diarization { get; init; }

    public IReadOnlyList<RemoteSegment>? ExclusiveDiarization { get; init; }

    public IReadOnlyList<RemoteText>? WordLevelTranscription { get; init; }

    public IReadOnlyList<RemoteText>? TurnLevelTranscription { get; init; }

    public string? Error { get; init; }

    public string? Warning { get; init; }
}

internal sealed record RemoteJobView
{
    public required string JobId { get; init; }

    public required string Status { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    public RemoteOutput? Output { get; init; }
}

internal sealed record RemoteMedia(string? Url);

/// <summary>The JSON of pyannoteAI's interface.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RemoteRequest))]
[JsonSerializable(typeof(RemoteJobView))]
[JsonSerializable(typeof(RemoteMedia))]
internal sealed partial class RemoteJson : JsonSerializerContext;
