using System.Text;

namespace Diarist.Server.Http;

/// <summary>Names of recordings as clients send them. They are shown and written into results, and are never used as paths.</summary>
internal static class ClientNames
{
    private const int Longest = 200;

    /// <summary>The last component, without control characters, of bounded length.</summary>
    public static string Clean(string? name)
    {
        string last = (name ?? "").Split('/', '\\')[^1];
        string clean = string.Concat(last.EnumerateRunes().Where(rune => !Rune.IsControl(rune)).Take(Longest)).Trim();
        return clean is "" or "." or ".." ? "recording" : clean;
    }
}
