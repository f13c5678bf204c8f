using System.CommandLine;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary>The options by which a command finds the packs that it needs, and by which the user agrees to a download.</summary>
internal sealed class PacksOptions
{
    private readonly Option<string?> _folder = new("--packs") { Description = "A folder of packs to look in first (a mirror).", HelpName = "DIR" };
    private readonly Option<string[]> _catalogs = new("--catalog") { Description = "A catalog file of your own, added to the built-in catalog.", HelpName = "FILE" };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Agree to the download that is shown." };
    private readonly Option<bool> _offline = new("--offline") { Description = "Never open a connection." };

    /// <summary>Adds all of them, to a command that needs packs.</summary>
    public void AddTo(Command command)
    {
        AddPlacesTo(command);
        command.Options.Add(_yes);
        command.Options.Add(_offline);
    }

    /// <summary>Adds only those that say where to look, to a command that never fetches.</summary>
    public void AddPlacesTo(Command command)
    {
        command.Options.Add(_folder);
        command.Options.Add(_catalogs);
    }

    /// <summary>The packs of this machine as the command line asks for them.</summary>
    public PackStore Open(ParseResult result) =>
        PackStore.Open(new PackStoreOptions { Folder = result.GetValue(_folder), CatalogFiles = result.GetValue(_catalogs) ?? [] });

    /// <summary>How the user may agree to a download.</summary>
    public PacksConsent Consent(ParseResult result) => new(result.GetValue(_yes), result.GetValue(_offline));

    /// <summary>The packs of these names, fetched when some are missing and the user agrees; otherwise one error that names all that are missing.</summary>
    public Task<IReadOnlyList<LocatedPack>> RequireAsync(ParseResult result, PackStore store, CancellationToken cancellationToken, params IReadOnlyList<string> ids) =>
        PacksPull.RequireAsync(store, Consent(result), ids, cancellationToken);
}
