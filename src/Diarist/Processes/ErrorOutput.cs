using System.Text;

namespace Diarist.Processes;

/// <summary>What a program writes to standard error, of which the first and the last line that say something are kept.</summary>
public sealed class ErrorOutput
{
    private const int LongestLine = 300;

    private readonly Lock _lock = new();
    private readonly StringBuilder _line = new(LongestLine);
    private bool _cut;
    private string? _first;
    private string? _last;
    private long _count;

    /// <summary>The first line, at most 300 characters; null when there was none.</summary>
    public string? First
    {
        get
        {
            lock (_lock)
            {
                return _first;
            }
        }
    }

    /// <summary>The last line, at most 300 characters; null when there was none.</summary>
    public string? Last
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>The number of lines that were not blank.</summary>
    public long Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Reads to the end; whatever the length of a line, memory stays bounded.</summary>
    internal void ReadAll(TextReader reader)
    {
        char[] block = new char[4096];
        try
        {
            for (int count; (count = reader.Read(block, 0, block.Length)) > 0;)
            {
                Add(block.AsSpan(0, count));
            }

            EndLine();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The program was stopped.
        }
    }

    private void Add(ReadOnlySpan<char> block)
    {
        foreach (char character in block)
        {
            if (character is '\n' or '\r')
            {
                EndLine();
            }
            else if (_line.Length < LongestLine)
            {
                _line.Append(char.IsControl(character) ? ' ' : character);
            }
            else
            {
                _cut = true;
            }
        }
    }

    private void EndLine()
    {
        string line = _line.ToString().Trim() + (_cut ? "…" : "");
        _line.Clear();
        _cut = false;
        if (line.Length == 0)
        {
            return;
        }

        lock (_lock)
        {
            _first ??= line;
            _last = line;
            _count++;
        }
    }
}
