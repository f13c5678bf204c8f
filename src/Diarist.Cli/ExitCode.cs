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
    public const int Cancelled = 130;
    public const int Terminated = 143;
}
