using System.Text;

namespace Diarist.Cli;

/// <summary>
/// Standard output for what commands say line by line: an error names it, so that it ends in a sentence and not in a stack trace. The stream
/// is opened when something is said, because most commands say nothing here and the console takes a while to begin.
/// </summary>
internal sealed class ResultStream : TextWriter
{
    private readonly Lazy<TextWriter> _inner = new(() => Writer(Console.OpenStandardOutput()));

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

    /// <summary>Writes to a stream of the console, in its encoding and at once.</summary>
    internal static StreamWriter Writer(Stream stream) => new(stream, Unmarked(Console.OutputEncoding)) { AutoFlush = true };

    // A mark at the start belongs to files.
    private static Encoding Unmarked(Encoding encoding) => encoding is UTF8Encoding ? new UTF8Encoding(false) : encoding;

    private static void Guard(Action write) => OutputTarget.Guard("standard output", write);
}
