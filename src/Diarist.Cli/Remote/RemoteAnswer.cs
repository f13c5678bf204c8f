using System.Globalization;
using System.Text;
using System.Text.Json;
using Diarist.Audio;
using Diarist.Formats;

namespace Diarist.Cli.Remote;

/// <summary>What a server found, with nothing in it but anonymous turns.</summary>
internal static class RemoteAnswer
{
    private static readonly string[] Biometric = ["embedding", "voiceprint", "vector", "identit"];

    /// <summary>Reads the document of turns.</summary>
    /// <param name="answer">Its bytes.</param>
    /// <param name="name">The recording's name here.</param>
    /// <returns>The turns, the recording by its name here, and whether names or voices were left out.</returns>
    /// <exception cref="RemoteException">It is no such document.</exception>
    public static (Diarization Diarization, AudioInfo Source, bool Ignored) Read(byte[] answer, string name)
    {
        try
        {
            using var reader = new StringReader(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(answer));
            (Diarization diarization, AudioInfo source) = DiarizationJson.Read(reader, "the server's answer");
            using var json = JsonDocument.Parse(answer);
            bool ignored = json.RootElement.EnumerateObject().Any(member => member.Name is not "packs" && IsBiometric(member))
                || diarization.Speakers.Any(speaker => !IsAnonymous(speaker.Label))
                || (json.RootElement.TryGetProperty("speakers", out JsonElement speakers) && speakers.EnumerateArray().Any(speaker => speaker.TryGetProperty("name", out _)));
            return (Anonymous(diarization) with { Warnings = [.. diarization.Warnings.Select(warning => Named(warning, name))] }, source with { Name = name }, ignored);
        }
        catch (Exception error) when (error is AnnotationFormatException or ArgumentException or JsonException or InvalidOperationException)
        {
            throw new RemoteException($"the server's answer cannot be used: {RemoteRequests.OneLine(error.Message)}", error);
        }
    }

    private static bool IsBiometric(JsonProperty member) =>
        Array.Exists(Biometric, word => member.Name.Contains(word, StringComparison.OrdinalIgnoreCase)) || Holds(member.Value);

    private static bool Holds(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(IsBiometric),
        JsonValueKind.Array => value.EnumerateArray().Any(Holds),
        _ => false,
    };

    private static bool IsAnonymous(string label) =>
        label.StartsWith("SPEAKER_", StringComparison.Ordinal) && label.Length is > 9 and < 14 && label["SPEAKER_".Length..].All(char.IsAsciiDigit);

    // Where one label is a name, all are numbered anew: a name must not be told from the numbers that are left.
    private static Diarization Anonymous(Diarization diarization) => diarization.Speakers.All(speaker => IsAnonymous(speaker.Label))
        ? diarization
        : diarization.WithNames(diarization.Speakers.Index().ToDictionary(pair => pair.Item.Label, pair => string.Create(CultureInfo.InvariantCulture, $"SPEAKER_{pair.Index:00}"), StringComparer.Ordinal));

    private static string Named(string warning, string name)
    {
        const string Prefix = $"{RemoteServer.RecordingName}: ";
        return RemoteRequests.OneLine(warning.StartsWith(Prefix, StringComparison.Ordinal) ? $"{name}: {warning[Prefix.Length..]}" : warning);
    }
}
