namespace Diarist.Packs;

/// <summary>
/// Fetches packs from the addresses of the catalog: the only part of the library that opens a connection, and only in
/// <see cref="PullAsync"/>. Only content with the hash that the catalog names ever gets its name in the store.
/// </summary>
public sealed class PackDownloader : IDisposable
{
    private readonly PackStore _store;
    private readonly DownloadLimits _limits;
    private readonly PackLevel? _target;
    private readonly Lazy<PackSource> _source;

    /// <summary>Makes a downloader.</summary>
    /// <param name="store">Knows the packs and finds those that are here.</param>
    /// <param name="targetFolder">The folder of packs to write to; the user's own store when none is given.</param>
    public PackDownloader(PackStore store, string? targetFolder = null)
        : this(store, targetFolder, new DownloadLimits())
    {
    }

    internal PackDownloader(PackStore store, string? targetFolder, DownloadLimits limits)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _limits = limits;
        _target = targetFolder is null ? null : new PackLevel("target folder", Path.GetFullPath(targetFolder));
        _source = new Lazy<PackSource>(() => new PackSource(_limits, _store.Environment.Time));
    }

    /// <summary>The names of the opt-in packs whose licence the user has accepted. Default none.</summary>
    public IReadOnlyCollection<string> AcceptedLicenses { get; init; } = [];

    /// <summary>Says what a pull would do. Opens no connection.</summary>
    /// <param name="ids">The packs; none means every default pack that addresses have.</param>
    /// <param name="acceptedLicenses">The names of the opt-in packs whose licence the user has accepted; <see cref="AcceptedLicenses"/> when <see langword="null"/>.</param>
    /// <exception cref="PackException">A pack is not known, cannot be fetched, is here but damaged, or needs its licence accepted.</exception>
    public PackPlan Plan(IReadOnlyCollection<string> ids, IReadOnlyCollection<string>? acceptedLicenses = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        PackLevel target = _target
            ?? (_store.UserStore is { } folder ? new PackLevel(PackLevel.UserStore, folder) : null)
            ?? throw new PackException("this machine names no home folder to keep packs in; name a folder.") { Remedy = Remedy.ChooseStore };
        IEnumerable<PackDescription> wanted = ids.Count > 0
            ? ids.Distinct(StringComparer.Ordinal).Select(_store.Known)
            : _store.Catalog.Packs.Where(pack => pack.Class == PackClass.Default);
        var files = new List<PackPlanFile>();
        var here = new List<LocatedPack>();
        var mirrorOnly = new List<PackDescription>();
        foreach (PackDescription pack in wanted)
        {
            RefuseUnaccepted(pack, acceptedLicenses ?? AcceptedLicenses);
            if (WholeElsewhere(pack, target) is { } found)
            {
                here.Add(found);
                continue;
            }

            List<PackPlanFile> lacking = [.. Lacking(pack, target)];
            if (lacking.Count == 0)
            {
                here.Add(_store.Look(target, pack.Id)!);
            }
            else if (pack.CanBePulled)
            {
                files.AddRange(lacking);
            }
            else if (ids.Count == 0)
            {
                mirrorOnly.Add(pack);
            }
            else
            {
                throw new PackException($"{pack.Id} has no address to be pulled from; it comes with a mirror only.") { Remedy = Remedy.NameMirror, RemedySubject = pack.Id };
            }
        }

        return new PackPlan(target, files, here, mirrorOnly);
    }

    /// <summary>Does what a plan says. What another process has fetched in the meantime is not fetched again; what an earlier pull left unfinished is taken up.</summary>
    /// <param name="plan">The plan, to which the user has agreed.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellationToken">Stops; what came is kept for the next pull.</param>
    /// <exception cref="PackDownloadException">A file could not be fetched, or the store cannot be written.</exception>
    public async Task PullAsync(PackPlan plan, IProgress<PackProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Files.Count == 0)
        {
            return;
        }

        string root = plan.Target.Folder;
        void Waiting() => progress?.Report(new PackProgress(plan.Files[0], 0, "another process is writing packs there; waiting for it"));
        using StoreWriter writer = await StoreWriter.OpenAsync(root, _limits.Lock, Waiting, cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (IGrouping<PackDescription, PackPlanFile> pack in plan.Files.GroupBy(file => file.Pack))
            {
                await PullPackAsync(pack.Key, [.. Lacking(pack.Key, plan.Target)], writer, plan.Target, progress, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreWriter.Trouble(root, error);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        if (_source.IsValueCreated)
        {
            _source.Value.Dispose();
        }
    }

    private async Task PullPackAsync(
        PackDescription pack, IReadOnlyList<PackPlanFile> files, StoreWriter writer, PackLevel target, IProgress<PackProgress>? progress, CancellationToken cancellationToken)
    {
        var origins = new List<string>();
        foreach (PackPlanFile file in files)
        {
            string part = writer.PartPath(file.Variant.Sha256);
            RequireRoom(file, part, target.Folder);
            using (var download = new FileDownload(file, part, _source.Value, _limits, _store.Environment.Time, progress))
            {
                origins.Add(await download.RunAsync(cancellationToken).ConfigureAwait(false));
            }

            writer.Install(part, pack.Id, file.File.Name);
        }

        if (origins.Count > 0)
        {
            writer.Describe(pack with { Provenance = new PackProvenance(string.Join(" ", origins), _store.Environment.Time.GetUtcNow(), "pulled") });
        }
    }

    private void RequireRoom(PackPlanFile file, string part, string root)
    {
        long needed = file.Variant.MaximumBytes - (File.Exists(part) ? new FileInfo(part).Length : 0);
        if (_store.Environment.FreeBytes(root) is { } free && free < needed)
        {
            throw new PackDownloadException(
                $"{root}: the disk is full: {file.Pack.Id}/{file.File.Name} needs {PackText.Size(needed)}, and {PackText.Size(free)} are free. Make room, or name another folder.")
            {
                Remedy = Remedy.ChooseStore,
            };
        }
    }

    // The files of a pack that the target lacks, or has damaged.
    private static IEnumerable<PackPlanFile> Lacking(PackDescription pack, PackLevel target)
    {
        foreach (PackFile file in pack.RequiredFiles)
        {
            string path = Path.Combine(target.Folder, pack.Id, file.Name);
            bool good = File.Exists(path) && FileHash.Compute(path) is var hash && file.Variants.Any(variant => variant.Sha256 == hash);
            if (!good)
            {
                yield return new PackPlanFile(pack, file, file.Downloadable ?? file.Variants[0]);
            }
        }
    }

    // A pack that another place already gives need not be fetched, unless the user said where to fetch it to.
    private LocatedPack? WholeElsewhere(PackDescription pack, PackLevel target)
    {
        if (_target is not null || _store.Find(pack.Id) is not { IsInside: false } found || found.Level.Folder == target.Folder)
        {
            return null;
        }

        foreach (PackFile file in pack.RequiredFiles)
        {
            found.Variant(file.Name);
        }

        return found;
    }

    private static void RefuseUnaccepted(PackDescription pack, IReadOnlyCollection<string> accepted)
    {
        if (pack.Class == PackClass.OptIn && !accepted.Contains(pack.Id))
        {
            string running = pack.CannotRunYet is null ? "" : $" (It cannot be run yet: {pack.CannotRunYet}.)";
            throw new PackException(
                $"{pack.Id} is under {pack.License} ({pack.Attribution}); the terms are at {pack.Terms ?? "its source"}. It is fetched only after this licence is accepted.{running}")
            {
                Remedy = Remedy.AcceptLicense,
                RemedySubject = pack.Id,
            };
        }

        if (pack.Files.Count == 0)
        {
            throw new PackException($"{pack.Id} cannot be used: {pack.CannotRunYet}. Nothing is fetched.");
        }
    }
}
