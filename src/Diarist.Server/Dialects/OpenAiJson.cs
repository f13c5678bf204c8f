using System.Text.Json.Serialization;

namespace Diarist.Server.Dialects;

/// <summary>What a transcription cost: seconds of sound.</summary>
internal sealed record OpenAiUsage(string Type, double Seconds)
{
    /// <summary>The usage of a recording.</summary>
    public static OpenAiUsage Of(double seconds) => new("duration", Math.Ceiling(seconds));
}

internal sealed record OpenAiTranscription(string Text, OpenAiUsage Usage, IReadOnlyList<string>? Warnings);

internal sealed record OpenAiWord(string Word, double Start, double End, string? Speaker);

internal sealed record OpenAiSegment(int Id, double Start, double End, string Text, IReadOnlyList<int> Tokens, string? Speaker);

internal sealed record OpenAiVerbose(string Task, string Language, double Duration, string Text, IReadOnlyList<OpenAiWord>? Words, IReadOnlyList<OpenAiSegment>? Segments, OpenAiUsage Usage, IReadOnlyList<string>? Warnings);

internal sealed record OpenAiSpeakerSegment(string Type, string Id, double Start, double End, string Text, string Speaker);

internal sealed record OpenAiDiarized(string Task, double Duration, string Text, IReadOnlyList<OpenAiSpeakerSegment> Segments, OpenAiUsage Usage, IReadOnlyList<string>? Warnings);

internal sealed record OpenAiDelta(string Type, string Delta, string? SegmentId);

internal sealed record OpenAiDone(string Type, string Text, OpenAiUsage Usage, IReadOnlyList<string>? Warnings);

internal sealed record OpenAiModel(string Id, string Object, long Created, string OwnedBy);

internal sealed record OpenAiModelList(string Object, IReadOnlyList<OpenAiModel> Data);

internal sealed record DiarizationSegment(int Id, string Speaker, string Label, double Start, double End, string? Text);

internal sealed record DiarizationSpeaker(string Id, string Label, double TotalSpeechDuration, int SegmentCount);

internal sealed record DiarizationAnswer(string Task, double Duration, string? Language, int NumSpeakers, IReadOnlyList<DiarizationSegment> Segments, IReadOnlyList<DiarizationSpeaker>? Speakers, IReadOnlyList<string>? Warnings);

/// <summary>The JSON of OpenAI's interface, and of LocalAI's, which follows its spelling.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OpenAiTranscription))]
[JsonSerializable(typeof(OpenAiVerbose))]
[JsonSerializable(typeof(OpenAiDiarized))]
[JsonSerializable(typeof(OpenAiSpeakerSegment))]
[JsonSerializable(typeof(OpenAiDelta))]
[JsonSerializable(typeof(OpenAiDone))]
[JsonSerializable(typeof(OpenAiModelList))]
[JsonSerializable(typeof(OpenAiModel))]
[JsonSerializable(typeof(DiarizationAnswer))]
internal sealed partial class OpenAiJson : JsonSerializerContext;
