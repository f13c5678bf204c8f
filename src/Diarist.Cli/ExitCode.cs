namespace Diarist.Cli;

/// <summary>What the process returns; documented in the README and stable.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Usage = 2;
    public const int Input = 3;
    public const int PackMissing = 4;
    public const int Download = 5;
    public const int Internal = 6;

    /// <summary>A server could not be reached, refused, or gave no result.</summary>
    public const int Server = 7;

    /// <summary>A batch is done, and some recordings have no result.</summary>
    public const int Failures = 8;

    /// <summary>What `timeout` returns; recorded of a recording that took too long.</summary>
    public const int TimeLimit = 124;

    /// <summary>128 and SIGKILL; recorded of a recording that needed too much memory.</summary>
    public const int Killed = 137;

    public const int Cancelled = 130;
    public const int Terminated = 143;
}
