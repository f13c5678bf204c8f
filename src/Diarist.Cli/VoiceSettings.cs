using System.Text.Json;
using Diarist.Identity;

namespace Diarist.Cli;

/// <summary>What the nearest <c>diarist.json</c> above the working directory says of known voices; nothing unless it does.</summary>
/// <param name="Enabled">Whether voices are looked for.</param>
/// <param name="Folder">The folder of the store; <see langword="null"/> is the user's own.</param>
/// <param name="Me">Whether the primary user alone is looked for.</param>
/// <param name="FalseNames">The rate of false names; <see langword="null"/> is the default.</param>
internal sealed record VoiceSettings(bool Enabled, string? Folder, bool Me, double? FalseNames)
{
    private const string SettingsFile = "diarist.json";
    private const long MostBytes = 1 << 20;

    private static readonly VoiceSettings None = new(false, null, false, null);

    /// <summary>Finds them.</summary>
    /// <exception cref="InputException">The file cannot be read, or says what cannot hold.</exception>
    public static VoiceSettings Find()
    {
        for (DirectoryInfo? above = new(Environment.CurrentDirectory); above is not null; above = above.Parent)
        {
            string file = Path.Combine(above.FullName, SettingsFile);
            if (File.Exists(file))
            {
                return Read(file, above.FullName);
            }
        }

        return None;
    }

    private static VoiceSettings Read(string file, string folder)
    {
        try
        {
            if (new FileInfo(file).Length > MostBytes)
            {
                throw new InputException(file, $"it is larger than {MostBytes >> 20} MiB, which settings never are.");
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new InputException(file, "it must hold a JSON object.");
            }

            string? store = null;
            bool voices = root.TryGetProperty("voices", out JsonElement value) && (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } path && !path.Contains('\0', StringComparison.Ordinal)
                ? (store = Path.GetFullPath(path, folder)) is not null
                : Switch(value, file, "voices must be true, false or the folder of a store."));
            bool me = root.TryGetProperty("me", out value) && Switch(value, file, "me must be true or false.");
            return new VoiceSettings(voices || me, store, me, root.TryGetProperty("falseNames", out value) ? Rate(value, file) : null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InputException(file, $"it is not valid JSON: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(file, $"it cannot be read: {error.Message}", error);
        }
    }

    private static bool Switch(JsonElement value, string file, string otherwise) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new InputException(file, otherwise),
    };

    private static double Rate(JsonElement value, string file)
    {
        double? rate = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String => VoiceArguments.RateOf(value.GetString()!),
            _ => null,
        };
        return rate is { } number && KnownVoices.IsRate(number) ? number : throw new InputException(file, "falseNames must be a rate from 1/1000000 to 1/10, such as \"1/1000\" or 0.01.");
    }
}
