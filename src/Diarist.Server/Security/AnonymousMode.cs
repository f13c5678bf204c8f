using Diarist.Server.Http;
using Diarist.Server.Recordings;

namespace Diarist.Server.Security;

/// <summary>What a server refuses that is to know nobody: names and voices of people.</summary>
internal static class AnonymousMode
{
    private const string Known = "known_speaker_";

    /// <summary>Refuses a field of a form that tells of a known speaker, before its content is read.</summary>
    /// <exception cref="ApiException">It does.</exception>
    public static void CheckField(ServerOptions options, string name)
    {
        if (options.Anonymous && name.StartsWith(Known, StringComparison.OrdinalIgnoreCase))
        {
            throw Refusal(name);
        }
    }

    /// <summary>Refuses a correction that gives a speaker a name other than a label.</summary>
    /// <exception cref="ApiException">It does.</exception>
    public static void Check(ServerOptions options, EditRequest edit)
    {
        foreach ((string member, string? text) in (ReadOnlySpan<(string, string?)>)[("name", edit.Name), ("label", edit.Label), ("into", edit.Into)])
        {
            if (options.Anonymous && text is not null && !IsLabel(text))
            {
                throw Refusal(member);
            }
        }
    }

    private static bool IsLabel(string text) => text.StartsWith("SPEAKER_", StringComparison.Ordinal) && text.Length is > 8 and < 16 && text["SPEAKER_".Length..].All(char.IsAsciiDigit);

    private static ApiException Refusal(string parameter) =>
        new(403, "anonymous", "This server is anonymous: it takes no names and no voices of people. Speakers are called SPEAKER_00 and so on; give names where you use the result.") { Parameter = parameter, IsFinal = true };
}
