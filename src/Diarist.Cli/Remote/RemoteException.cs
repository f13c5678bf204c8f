namespace Diarist.Cli.Remote;

/// <summary>A server could not be reached, refused, or answered with something else than a result; exit code 7.</summary>
internal sealed class RemoteException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The status of the answer; <see langword="null"/> where there was none.</summary>
    public int? Status { get; init; }
}
