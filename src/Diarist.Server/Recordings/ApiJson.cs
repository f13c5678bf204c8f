using System.Text.Json.Serialization;
using Diarist.Server.Http;

namespace Diarist.Server.Recordings;

/// <summary>An error as RFC 9457 has it, with a word for programs.</summary>
internal sealed record ProblemView(string Type, string Title, int Status, string Detail, string Code);

/// <summary>An error as OpenAI's clients read it.</summary>
internal sealed record OpenAiErrorView(OpenAiErrorBody Error)
{
    public static OpenAiErrorView Of(ApiException error) => new(new OpenAiErrorBody(
        error.Message,
        error.Status switch { 401 or 403 => "authentication_error", 429 => "rate_limit_error", >= 500 => "server_error", _ => "invalid_request_error" },
        error.Parameter,
        error.Code));
}

/// <summary>The body of it.</summary>
internal sealed record OpenAiErrorBody(string Message, string Type, string? Param, string Code);

/// <summary>A recording in lists and events.</summary>
internal sealed record RecordingView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required long Size { get; init; }

    public required long Offset { get; init; }

    public double? Seconds { get; init; }

    public required string State { get; init; }

    public string? Stage { get; init; }

    public double? Progress { get; init; }

    public double? Speed { get; init; }

    public double? SecondsLeft { get; init; }

    public ErrorView? Error { get; init; }

    public required DateTimeOffset Created { get; init; }

    public int? Speakers { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required bool HasWords { get; init; }
}

internal sealed record ErrorView(string Code, string Message);

internal sealed record RecordingListView(IReadOnlyList<RecordingView> Recordings);

internal sealed record DeletedView(string Id);

internal sealed record LoginRequest(string? Key);

internal sealed record HealthView(string Status, int Waiting, int Running);

/// <summary>What the page needs to know of the server.</summary>
internal sealed record ServerView(string Version, bool Engine, string EngineName, long MaximumUploadBytes, bool KeyDemanded);

/// <summary>What a new recording is announced with.</summary>
internal sealed record NewRecording
{
    public string? Name { get; init; }

    public long Size { get; init; }

    public Storage.JobOptions? Options { get; init; }
}

internal sealed record SpeakerView(string Label, string Name, double Seconds, bool Flagged);

internal sealed record TurnView(int Id, double Start, double End, string Speaker, double? Confidence, bool Uncertain);

internal sealed record WordView(double? Start, double? End, string Text, string? Speaker, double? Confidence, bool Uncertain, bool JoinsPrevious);

internal sealed record CountView(int Found, int? Requested, int? Minimum, int? Maximum, double Certainty, int? RunnerUp, bool Uncertain);

/// <summary>A recording with turns and words.</summary>
internal sealed record SessionView
{
    public required int Revision { get; init; }

    public required double Seconds { get; init; }

    public required IReadOnlyList<SpeakerView> Speakers { get; init; }

    public required IReadOnlyList<TurnView> Turns { get; init; }

    public required IReadOnlyList<WordView> Words { get; init; }

    public required CountView Count { get; init; }

    public required bool CanUndo { get; init; }

    public required bool CanRedo { get; init; }

    public string? UndoText { get; init; }

    public string? RedoText { get; init; }

    /// <summary>What was noticed about the transcript: its form, and whether its times fit the recording.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A correction that is asked for.</summary>
internal sealed record EditRequest
{
    public int? Revision { get; init; }

    public string? Kind { get; init; }

    public string? Label { get; init; }

    public string? Name { get; init; }

    public string? Into { get; init; }

    public IReadOnlyList<int>? Turns { get; init; }

    public bool OnlyThese { get; init; }

    public int? Count { get; init; }

    public double? Start { get; init; }

    public double? End { get; init; }
}

internal sealed record ChoiceView(string Label, string Name);

internal sealed record ExcerptView(string Speaker, double Start, double End);

internal sealed record QuestionView(int Turn, double Start, double End, IReadOnlyList<ChoiceView> Choices, double SecondsAffected, IReadOnlyList<ExcerptView> Excerpts, bool AboutSpeaker, string Text);

internal sealed record ReviewView(int Revision, IReadOnlyList<QuestionView> Questions);

internal sealed record PeaksView(double From, double To, int[] Min, int[] Max);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(OpenAiErrorView))]
[JsonSerializable(typeof(RecordingView))]
[JsonSerializable(typeof(RecordingListView))]
[JsonSerializable(typeof(DeletedView))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(ServerView))]
[JsonSerializable(typeof(NewRecording))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(EditRequest))]
[JsonSerializable(typeof(ReviewView))]
[JsonSerializable(typeof(PeaksView))]
internal sealed partial class ApiJson : JsonSerializerContext;
