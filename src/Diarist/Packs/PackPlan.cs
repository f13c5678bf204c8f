namespace Diarist.Packs;

/// <summary>What a pull would do, to be shown before it is done.</summary>
public sealed class PackPlan
{
    internal PackPlan(PackLevel target, IReadOnlyList<PackPlanFile> files, IReadOnlyList<LocatedPack> alreadyHere, IReadOnlyList<PackDescription> mirrorOnly)
    {
        Target = target;
        Files = files;
        AlreadyHere = alreadyHere;
        MirrorOnly = mirrorOnly;
    }

    /// <summary>The folder of packs that would be written to.</summary>
    public PackLevel Target { get; }

    /// <summary>The files that would be fetched.</summary>
    public IReadOnlyList<PackPlanFile> Files { get; }

    /// <summary>The packs that were asked for and are here already.</summary>
    public IReadOnlyList<LocatedPack> AlreadyHere { get; }

    /// <summary>Default packs that are not here and that no address has.</summary>
    public IReadOnlyList<PackDescription> MirrorOnly { get; }

    /// <summary>The packs of which files would be fetched.</summary>
    public IEnumerable<PackDescription> Packs => Files.Select(file => file.Pack).Distinct();

    /// <summary>The bytes that would be fetched, as the catalog announces them.</summary>
    public long Bytes => Files.Sum(file => file.Variant.ExpectedBytes);
}

/// <summary>One file that a pull would fetch.</summary>
public sealed record PackPlanFile
{
    internal PackPlanFile(PackDescription pack, PackFile file, PackFileVariant variant) =>
        (Pack, File, Variant) =
        (pack, file, variant);

    /// <summary>Its pack.</summary>
    public PackDescription Pack { get; init; }

    /// <summary>The file.</summary>
    public PackFile File { get; init; }

    /// <summary>The build of it that would be fetched, with the addresses.</summary>
    public PackFileVariant Variant { get; init; }
}

/// <summary>How far a pull has come with one file.</summary>
public sealed record PackProgress
{
    internal PackProgress(PackPlanFile file, long received, string? note = null) =>
        (File, Received, Note) =
        (file, received, note);

    /// <summary>The file.</summary>
    public PackPlanFile File { get; init; }

    /// <summary>The bytes of it that are here, those of an earlier pull among them.</summary>
    public long Received { get; init; }

    /// <summary>Something to tell the user, for instance why and when the next attempt is made; else null.</summary>
    public string? Note { get; init; }
}
