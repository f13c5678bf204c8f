using System.Text.Json.Serialization;

namespace Diarist.Packs;

/// <summary>How freely a pack may be fetched.</summary>
public enum PackClass
{
    /// <summary>Free for every use with attribution; fetched once the user has agreed to a download.</summary>
    Default,

    /// <summary>Free for every use with attribution, but no part of what Diarist runs by default; fetched only when it is named.</summary>
    OnRequest,

    /// <summary>Under terms that forbid some uses; fetched only when the user accepts the licence by the pack's name.</summary>
    OptIn,
}

/// <summary>One pack of the catalog: a network's weights with licence, origin and the hashes of its files.</summary>
public sealed record PackDescription
{
    /// <summary>The name of the pack and of its folder: lower-case letters, digits, dots and dashes.</summary>
    public required string Id { get; init; }

    /// <summary>The name for people.</summary>
    public required string Title { get; init; }

    /// <summary>The architecture that the files feed, for instance <c>pyannet</c> or <c>wespeaker-resnet34</c>.</summary>
    public required string Network { get; init; }

    /// <summary>What the network is for, in a few words.</summary>
    public required string Purpose { get; init; }

    /// <summary>How freely it may be fetched.</summary>
    public PackClass Class { get; init; }

    /// <summary>The SPDX identifier of the licence.</summary>
    public required string License { get; init; }

    /// <summary>Whom to name, as the licence asks.</summary>
    public required string Attribution { get; init; }

    /// <summary>Where the terms can be read.</summary>
    public string? Terms { get; init; }

    /// <summary>Why Diarist cannot run this network yet, or nothing when it can.</summary>
    public string? CannotRunYet { get; init; }

    /// <summary>In a catalog of the user: that this entry takes the place of an entry with the same name.</summary>
    public bool Replaces { get; init; }

    /// <summary>The files.</summary>
    public required IReadOnlyList<PackFile> Files { get; init; }

    /// <summary>In a folder's own <c>pack.json</c>: where its files came from.</summary>
    public PackProvenance? Provenance { get; init; }

    /// <summary>Whether every file that the network needs has an address, so that the pack can be downloaded.</summary>
    [JsonIgnore]
    public bool CanBePulled => Files.Count > 0 && RequiredFiles.All(file => file.Downloadable is not null);

    /// <summary>The files without which the network cannot run.</summary>
    internal IEnumerable<PackFile> RequiredFiles => Files.Where(file => !file.Optional);

    /// <summary>The bytes of the files that the network needs, as they would be downloaded, or else as mirrors carry them.</summary>
    [JsonIgnore]
    public long Bytes => RequiredFiles.Sum(file => (file.Downloadable ?? file.Variants[0]).ExpectedBytes);
}

/// <summary>One file of a pack. Several builds of it may be accepted, each with its own hash.</summary>
public sealed record PackFile
{
    /// <summary>The name inside the pack's folder.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the network runs without it; such files are checked where they are but never fetched.</summary>
    public bool Optional { get; init; }

    /// <summary>The accepted builds, in order of preference.</summary>
    public required IReadOnlyList<PackFileVariant> Variants { get; init; }

    /// <summary>The build that a download would bring, or null when only mirrors carry the file.</summary>
    internal PackFileVariant? Downloadable => Variants.FirstOrDefault(variant => variant.Addresses.Count > 0);
}

/// <summary>One accepted build of a file.</summary>
public sealed record PackFileVariant
{
    /// <summary>The SHA-256 of the content: 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The exact length in bytes, where it is known.</summary>
    public long? Bytes { get; init; }

    /// <summary>The length to within a sixteenth, where the exact one is not known; the hash decides.</summary>
    public long? AboutBytes { get; init; }

    /// <summary>Where it comes from.</summary>
    public required string Source { get; init; }

    /// <summary>The revision of the source.</summary>
    public required string Revision { get; init; }

    /// <summary>The addresses to try, in order: https, or plain http on this machine only. None when only mirrors carry it.</summary>
    public IReadOnlyList<string> Addresses { get; init => field = value ?? []; } = []; // the JSON reader hands on null when the property is absent

    /// <summary>The licence of this file, when it is not that of the pack.</summary>
    public string? License { get; init; }

    /// <summary>Whom to name for this file, when it is not as for the pack.</summary>
    public string? Attribution { get; init; }

    /// <summary>The length to announce.</summary>
    [JsonIgnore]
    public long ExpectedBytes => Bytes ?? AboutBytes ?? 0;

    /// <summary>The length beyond which nothing more is accepted.</summary>
    internal long MaximumBytes => Bytes ?? (AboutBytes.GetValueOrDefault() + (AboutBytes.GetValueOrDefault() / 16));
}

/// <summary>How a pack came to where it is.</summary>
/// <param name="Origin">The address, folder or file that it was taken from.</param>
/// <param name="Obtained">When, in universal time.</param>
/// <param name="Means">What was done: <c>pulled</c> or <c>imported</c>.</param>
public sealed record PackProvenance(string Origin, DateTimeOffset Obtained, string Means);
