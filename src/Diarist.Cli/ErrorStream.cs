using System.Text;

namespace Diarist.Cli;

/// <summary>
/// Standard error that may be closed or full: what cannot be said is lost, and the result is not. The stream is opened when something is said, as with
/// <see cref="ResultStream"/>.
/// </summary>
internal sealed class ErrorStream : TextWriter
{
    private readonly Lazy<TextWriter> _inner = new(() => ResultStream.Writer(Console.OpenStandardError()));
    private readonly Lock _lock = new();
    private bool _broken;

    public override Encoding Encoding => _inner.Value.Encoding;

    public override void Write(char value) => Try(() => _inner.Value.Write(value));

    public override void Write(string? value) => Try(() => _inner.Value.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => _inner.Value.Write(buffer, index, count));

    public override void WriteLine(string? value) => Try(() => _inner.Value.WriteLine(value));

    public override void Flush() => Try(() =>
    {
        if (_inner.IsValueCreated)
        {
            _inner.Value.Flush();
        }
    });

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
