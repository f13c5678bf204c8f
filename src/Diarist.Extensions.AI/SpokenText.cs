using Microsoft.Extensions.AI;

namespace Diarist.Extensions.AI;

/// <summary>What one speaker says.</summary>
/// <param name="Speaker">The speaker's label; <see langword="null"/> when nobody was heard then.</param>
/// <param name="Text">What is said.</param>
/// <param name="Start">When it begins, from the start of the recording; <see langword="null"/> when the recognizer did not say.</param>
/// <param name="End">When it ends.</param>
/// <param name="Confidence">How sure the speaker is, 0 to 1.</param>
public sealed record SpokenText(string? Speaker, string Text, TimeSpan? Start, TimeSpan? End, double Confidence);

/// <summary>What is added to responses of recognizers.</summary>
public static class SpokenTextExtensions
{
    /// <summary>The member of <see cref="SpeechToTextResponse.AdditionalProperties"/> that holds the list of <see cref="SpokenText"/>.</summary>
    public const string SpokenTextsKey = "diarist.spokenTexts";

    /// <summary>The member that holds the whole <see cref="Diarization"/>.</summary>
    public const string DiarizationKey = "diarist.diarization";

    /// <summary>What one speaker after another says; empty where the response did not come through a <see cref="DiarizingSpeechToTextClient"/>.</summary>
    public static IReadOnlyList<SpokenText> SpokenTexts(this SpeechToTextResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.AdditionalProperties?.TryGetValue(SpokenTextsKey, out object? value) == true && value is IReadOnlyList<SpokenText> texts ? texts : [];
    }

    /// <summary>Who speaks when; <see langword="null"/> where the response did not come through a <see cref="DiarizingSpeechToTextClient"/>.</summary>
    public static Diarization? Diarization(this SpeechToTextResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.AdditionalProperties?.TryGetValue(DiarizationKey, out object? value) == true ? value as Diarization : null;
    }
}
