using System.Diagnostics;
using System.Globalization;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary>Shows a pull on standard error: one line that moves on a terminal, and what the user should know in any case.</summary>
internal sealed class PacksProgressLine : IProgress<PackProgress>, IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);
    private readonly bool _moves = !Console.IsErrorRedirected;
    private PackPlanFile? _file;
    private long _begun;
    private long _shown;
    private long _first;
    private int _width;

    /// <inheritdoc/>
    public void Report(PackProgress value)
    {
        if (value.Note is { } note)
        {
            Show("");
            Console.Error.WriteLine($"{value.File.Pack.Id}: {note}");
            return;
        }

        if (!ReferenceEquals(_file, value.File))
        {
            (_file, _begun, _first, _shown) = (value.File, Stopwatch.GetTimestamp(), value.Received, 0);
        }

        if (_shown == 0 || Stopwatch.GetElapsedTime(_shown) >= Pace || value.Received == value.File.Variant.Bytes)
        {
            _shown = Stopwatch.GetTimestamp();
            double rate = (value.Received - _first) / Math.Max(0.001, Stopwatch.GetElapsedTime(_begun).TotalSeconds);
            Show(string.Create(
                CultureInfo.InvariantCulture,
                $"{value.File.Pack.Id}/{value.File.File.Name}  {PackText.Size(value.Received)} of {PackText.Size(value.File.Variant.ExpectedBytes)}  {PackText.Size((long)rate)}/s"));
        }
    }

    /// <summary>Clears the line.</summary>
    public void Dispose() => Show("");

    private void Show(string line)
    {
        if (_moves && (_width > 0 || line.Length > 0))
        {
            Console.Error.Write($"\r{line.PadRight(_width)}\r{line}");
            _width = line.Length;
        }
    }
}
