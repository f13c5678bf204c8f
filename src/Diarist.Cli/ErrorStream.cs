namespace Diarist.Cli;

/// <summary>Standard error that may be closed or full: what cannot be said is lost, and the result is not.</summary>
internal sealed class ErrorStream() : ConsoleWriter(Console.OpenStandardError)
{
    private readonly Lock _lock = new();
    private bool _broken;

    protected override void Guard(Action write)
    {
        lock (_lock)
        {
            if (_broken)
            {
                return;
            }

            try
            {
                write();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                _broken = true;
            }
        }
    }
}
