namespace Diarist.Cli;

/// <summary>Standard output for what commands say line by line: an error names it, so that it ends in a sentence and not in a stack trace.</summary>
internal sealed class ResultStream() : ConsoleWriter(Console.OpenStandardOutput)
{
    protected override void Guard(Action write) => OutputTarget.Guard("standard output", write);
}
