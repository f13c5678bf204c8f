using System.Text;

namespace Diarist.Cli;

/// <summary>Standard error that may be closed or full: what cannot be said is lost, and the result is not.</summary>
internal sealed class ErrorStream(TextWriter inner) : TextWriter
{
    private readonly Lock _lock = new();
    private bool _broken;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
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
