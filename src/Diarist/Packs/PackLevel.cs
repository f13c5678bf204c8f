using System.Text;
using System.Text.Json;

namespace Diarist.Packs;

/// <summary>One place where packs are looked for.</summary>
/// <param name="Name">What names it: <c>given folder</c>, <c>DIARIST_PACKS</c>, the path of a <c>diarist.json</c>, <c>user store</c>, or <c>inside</c>.</param>
/// <param name="Folder">The folder, which need not exist; empty for what is inside the library.</param>
public sealed record PackLevel(string Name, string Folder)
{
    /// <summary>The name of the level that a folder given by the user makes.</summary>
    public const string Explicit = "given folder";

    /// <summary>The name of the level that the environment variable makes, and of that variable.</summary>
    public const string Variable = "DIARIST_PACKS";

    /// <summary>The name of the last level.</summary>
    public const string UserStore = "user store";

    /// <summary>What names the library itself, whose networks are used where no folder has their packs.</summary>
    public const string Inside = "inside";

    private const string SettingsFile = "diarist.json";
    private const long MaximumSettingsBytes = 1 << 20;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The levels in the order in which they shadow one another.</summary>
    internal static IReadOnlyList<PackLevel> Find(string? folder, PackEnvironment environment)
    {
        var levels = new List<PackLevel>();
        if (folder is not null)
        {
            if (!Directory.Exists(folder))
            {
                throw new PackException($"{folder}: there is no such folder; a folder that holds packs is needed.");
            }

            levels.Add(new PackLevel(Explicit, Path.GetFullPath(folder)));
        }

        string here = environment.WorkingDirectory();
        if (environment.Value(Variable) is { } listed)
        {
            levels.AddRange(listed
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(entry => new PackLevel(Variable, Path.GetFullPath(entry, here))));
        }

        for (DirectoryInfo? above = new(here); above is not null; above = above.Parent)
        {
            string settings = Path.Combine(above.FullName, SettingsFile);
            if (File.Exists(settings))
            {
                levels.AddRange(Sources(settings).Select(source => new PackLevel(settings, Path.GetFullPath(source, above.FullName))));
                break;
            }
        }

        if (environment.UserStore is { } store)
        {
            levels.Add(new PackLevel(UserStore, store));
        }

        return levels;
    }

    private static List<string> Sources(string settings)
    {
        byte[] bytes = Read(settings);
        try
        {
            // The document's own reader would replace bytes that are no UTF-8 by others.
            _ = StrictUtf8.GetCharCount(bytes);
            using JsonDocument document = JsonDocument.Parse(
                bytes,
                new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new InputException(settings, "it must hold a JSON object.");
            }

            if (!document.RootElement.TryGetProperty("packSources", out JsonElement sources))
            {
                return [];
            }

            if (sources.ValueKind != JsonValueKind.Array || sources.EnumerateArray().Any(source => source.ValueKind != JsonValueKind.String))
            {
                throw new InputException(settings, "packSources must be a list of folders.");
            }

            List<string> folders = [.. sources.EnumerateArray().Select(source => source.GetString()!).Where(source => source.Length > 0)];
            return folders.Exists(folder => folder.Contains('\0', StringComparison.Ordinal))
                ? throw new InputException(settings, "packSources: a folder's name holds no NUL.")
                : folders;
        }
        catch (JsonException error)
        {
            throw new InputException(settings, PackJson.Describe(error), error);
        }
        catch (Exception error) when (error is DecoderFallbackException or InvalidOperationException)
        {
            // The latter is what an escaped half of a surrogate pair gives.
            throw new InputException(settings, "it holds text that is not valid Unicode; save it as UTF-8.", error);
        }
    }

    private static byte[] Read(string settings)
    {
        try
        {
            return new FileInfo(settings).Length <= MaximumSettingsBytes
                ? File.ReadAllBytes(settings)
                : throw new InputException(settings, $"it is larger than {MaximumSettingsBytes >> 20} MiB, which settings never are.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(settings, $"it cannot be read: {error.Message}", error);
        }
    }
}
