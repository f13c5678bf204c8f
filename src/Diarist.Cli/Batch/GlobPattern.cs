using System.IO.Enumeration;

namespace Diarist.Cli.Batch;

/// <summary>Patterns of paths: * and ? within a name, ** for any number of folders.</summary>
internal static class GlobPattern
{
    /// <summary>Whether the names of a path match those of a pattern.</summary>
    public static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> names)
    {
        // matched[n]: whether the pattern so far matches the first n names.
        bool[] matched = new bool[names.Length + 1];
        matched[0] = true;
        foreach (string part in pattern)
        {
            if (part == "**")
            {
                for (int n = 1; n <= names.Length; n++)
                {
                    matched[n] |= matched[n - 1];
                }

                continue;
            }

            for (int n = names.Length; n > 0; n--)
            {
                matched[n] = matched[n - 1] && FileSystemName.MatchesSimpleExpression(part, names[n - 1], ignoreCase: false);
            }

            matched[0] = false;
        }

        return matched[names.Length];
    }
}
