using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Diarist.Packs;

/// <summary>The packs that are known: those built in, and those of the user's own catalog files.</summary>
public sealed class PackCatalog
{
    internal const string Schema = "diarist-packs/1";

    private static readonly Lazy<PackCatalog> BuiltInCatalog = new(LoadBuiltIn);
    private readonly Dictionary<string, PackDescription> _byId;

    private PackCatalog(IReadOnlyList<PackDescription> packs)
    {
        Packs = packs;
        _byId = packs.ToDictionary(pack => pack.Id, StringComparer.Ordinal);
    }

    /// <summary>The catalog that comes with the library.</summary>
    public static PackCatalog BuiltIn => BuiltInCatalog.Value;

    /// <summary>The licences and attributions of all networks in full: the file NOTICE of the project.</summary>
    public static string Notices
    {
        get
        {
            using var reader = new StreamReader(Resource("Diarist.NOTICE"));
            return reader.ReadToEnd();
        }
    }

    /// <summary>The packs, in the order of the catalog.</summary>
    public IReadOnlyList<PackDescription> Packs { get; }

    /// <summary>The pack of that name, or null.</summary>
    public PackDescription? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>This catalog with the packs of a file added.</summary>
    /// <param name="path">A JSON file of the same form as the built-in catalog (see docs/packs.md).</param>
    /// <exception cref="InputException">The file cannot be read, breaks the form, names something unsafe, or names a known pack without saying that it replaces it.</exception>
    public PackCatalog With(string path)
    {
        IReadOnlyList<PackDescription> added = Read(path);
        var packs = Packs.ToList();
        foreach (PackDescription pack in added)
        {
            int known = packs.FindIndex(other => other.Id == pack.Id);
            if (known < 0)
            {
                packs.Add(pack);
            }
            else if (pack.Replaces)
            {
                packs[known] = pack;
            }
            else
            {
                throw new InputException(path, $"the pack {pack.Id} is already known; give it another id, or say \"replaces\": true to put it in the place of the known one.");
            }
        }

        return new PackCatalog(packs);
    }

    private static IReadOnlyList<PackDescription> Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return Parse(stream, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"the catalog cannot be read: {error.Message}", error);
        }
    }

    private static PackCatalog LoadBuiltIn()
    {
        using Stream stream = Resource("Diarist.Packs.catalog.json");
        return new PackCatalog(BuiltInPacks.Read(stream));
    }

    internal static Stream Resource(string name) =>
        typeof(PackCatalog).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");

    /// <summary>Reads a catalog of any origin and checks it.</summary>
    internal static IReadOnlyList<PackDescription> Parse(Stream stream, string name)
    {
        PackCatalogFile? file;
        try
        {
            file = JsonSerializer.Deserialize(stream, PackJson.Default.PackCatalogFile);
        }
        catch (JsonException error)
        {
            throw new InputException(name, PackJson.Describe(error), error);
        }

        if (file is null || file.Schema != Schema)
        {
            throw new InputException(name, $"the schema must be \"{Schema}\".");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (PackDescription pack in file.Packs)
        {
            if (PackRules.Violation(pack) is { } violation)
            {
                throw new InputException(name, $"the pack {pack?.Id}: {violation}");
            }

            if (!seen.Add(pack.Id))
            {
                throw new InputException(name, $"the pack {pack.Id} is there twice.");
            }
        }

        return file.Packs;
    }
}

/// <summary>A catalog as it stands in a file.</summary>
internal sealed record PackCatalogFile(string Schema, IReadOnlyList<PackDescription> Packs);

/// <summary>Everything that packs read and write as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    WriteIndented = true,
    Converters = [typeof(PackClassConverter)])]
[JsonSerializable(typeof(PackCatalogFile))]
[JsonSerializable(typeof(PackDescription))]
internal sealed partial class PackJson : JsonSerializerContext
{
    /// <summary>What a JSON error says, with its line, in one sentence, without the names of types.</summary>
    public static string Describe(JsonException error)
    {
        string what = error.Message;
        int detail = what.IndexOf(" Path: ", StringComparison.Ordinal);
        what = detail > 0 ? what[..detail] : what;
        const string missing = "missing required properties including: ", unknown = "The JSON property ", value = "The JSON value could not be converted";
        if (what.IndexOf(missing, StringComparison.Ordinal) is > 0 and var at)
        {
            what = $"properties are missing: {what[(at + missing.Length)..]}";
        }
        else if (what.StartsWith(unknown, StringComparison.Ordinal))
        {
            what = $"the property {what[unknown.Length..].Split(' ')[0]} is unknown.";
        }
        else if (what.StartsWith(value, StringComparison.Ordinal))
        {
            what = $"the value of {error.Path} is of the wrong kind.";
        }

        return $"line {(error.LineNumber ?? 0) + 1}: {what}";
    }
}

/// <summary>Writes classes as <c>default</c>, <c>on-request</c> and <c>opt-in</c>.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "Created by the JSON source generator.")]
internal sealed class PackClassConverter() : JsonStringEnumConverter<PackClass>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);
