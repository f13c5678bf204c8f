using System.Text;

namespace Diarist.Cli;

/// <summary>
/// A stream of the console, written to at once and guarded by what derives from this. It is opened when something is said, because most commands
/// say nothing there and the console takes a while to begin.
/// </summary>
internal abstract class ConsoleWriter(Func<Stream> open) : TextWriter
{
    private readonly Lazy<StreamWriter> _inner = new(() => new StreamWriter(open(), Unmarked(Console.OutputEncoding)) { AutoFlush = true });

    public override Encoding Encoding => _inner.Value.Encoding;

    public override void Write(char value) => Guard(() => _inner.Value.Write(value));

    public override void Write(string? value) => Guard(() => _inner.Value.Write(value));

    public override void Write(char[] buffer, int index, int count) => Guard(() => _inner.Value.Write(buffer, index, count));

    public override void WriteLine(string? value) => Guard(() => _inner.Value.WriteLine(value));

    public override void Flush() => Guard(() =>
    {
        if (_inner.IsValueCreated)
        {
            _inner.Value.Flush();
        }
    });

    /// <summary>Runs what writes, and decides what becomes of its errors.</summary>
    protected abstract void Guard(Action write);

    // A mark at the start belongs to files.
    private static Encoding Unmarked(Encoding encoding) => encoding is UTF8Encoding ? new UTF8Encoding(false) : encoding;
}
