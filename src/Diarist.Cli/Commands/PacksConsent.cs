namespace Diarist.Cli.Commands;

/// <summary>Whether the user agrees to what is shown: by <c>--yes</c>, or by an answer on the terminal. Silence is no.</summary>
/// <param name="yes">Whether <c>--yes</c> was said.</param>
/// <param name="offline">Whether <c>--offline</c> was said.</param>
internal sealed class PacksConsent(bool yes, bool offline)
{
    /// <summary>Whether no connection may be opened.</summary>
    public bool Offline => offline;

    /// <summary>Whether consent was given or can be asked for.</summary>
    public bool IsPossible => yes || IsTerminal;

    private static bool IsTerminal => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>Asks on standard error, unless the answer was given beforehand.</summary>
    /// <exception cref="UsageException">There is nobody to ask.</exception>
    public async Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        if (yes)
        {
            return true;
        }

        if (!IsTerminal)
        {
            throw new UsageException($"{question} There is no terminal to answer on; give --yes to agree.");
        }

        await Console.Error.WriteAsync($"{question} [y/N] ".AsMemory(), cancellationToken).ConfigureAwait(false);
        string? answer = await Task.Run(Console.ReadLine, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        return answer?.Trim().ToUpperInvariant() is "Y" or "YES";
    }
}
