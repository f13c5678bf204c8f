using System.Text;

namespace Diarist.Cli;

/// <summary>Standard output for what commands say line by line: an error names it, so that it ends in a sentence and not in a stack trace.</summary>
internal sealed class ResultStream(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Guard(() => inner.Write(value));

    public override void Write(string? value) => Guard(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Guard(() => inner.Write(buffer, index, count));

    public override void WriteLine(string? value) => Guard(() => inner.WriteLine(value));

    public override void Flush() => Guard(inner.Flush);

    private static void Guard(Action write) => OutputTarget.Guard("standard output", write);
}
