using Diarist.Packs;

namespace Diarist.Cli;

/// <summary>What this command line offers against an error of the library, which knows no options.</summary>
internal static class ErrorHints
{
    /// <summary>The error's message, followed by the option or the command that helps.</summary>
    public static string Describe(DiaristException error) =>
        Hint(error) is not { } hint ? error.Message : error.Message.TrimEnd() is var message && message.EndsWith('.') ? $"{message} {hint}" : $"{message}. {hint}";

    private static string? Hint(DiaristException error) => error switch
    {
        MissingPacksException missing => Hint(missing),
        { Remedy: Remedy.ObtainPacks, RemedySubject: { } pack } => $"`diarist packs pull {pack}` fetches it.",
        { Remedy: Remedy.ObtainPacks } => "`diarist packs pull` fetches them.",
        { Remedy: Remedy.NameMirror } => "Name a mirror with --packs DIR, or bring it with `diarist packs import`.",
        { Remedy: Remedy.ChooseStore } => "The folder is named with --into DIR.",
        { Remedy: Remedy.AcceptLicense } => $"Accept it with `--accept-license {error.RemedySubject}`.",
        { Remedy: Remedy.DescribeFile } => "Give --id, --license and --attribution.",
        { Remedy: Remedy.StateEncoding } => "--encoding NAME states it.",
        { Remedy: Remedy.ReplaceSpeakers } => "--overwrite permits it.",
        _ => null,
    };

    private static string? Hint(MissingPacksException missing)
    {
        PackDescription[] pulled = [.. missing.Packs.Where(pack => pack.CanBePulled)];
        var parts = new List<string>();
        if (pulled.Length > 0)
        {
            string what = pulled.Length < missing.Packs.Count ? string.Join(" and ", pulled.Select(pack => pack.Id)) : pulled.Length == 1 ? "it" : "them";
            string named = string.Concat(pulled.Where(pack => pack.Class != PackClass.Default).Select(pack => $" {pack.Id}")); // others come only when named
            parts.Add($"Get {what} with `diarist packs pull{named}`, or name a mirror with --packs DIR.");
        }

        parts.AddRange(missing.Packs
            .Where(pack => !pack.CanBePulled && pack.CannotRunYet is null)
            .Select(pack => $"{pack.Id} comes with a mirror only: name one with --packs DIR, or bring it with `diarist packs import`."));
        return parts.Count > 0 ? string.Join(" ", parts) : null;
    }
}
