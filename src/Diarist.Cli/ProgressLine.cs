using System.Diagnostics;
using System.Globalization;
using Diarist.Asr.Whisper;
using Diarist.Formats;

namespace Diarist.Cli;

/// <summary>One line on stderr that tells the stage, how far it is and how fast, when stderr is a terminal; silent otherwise.</summary>
internal sealed class ProgressLine : IProgress<DiarizationProgress>, IProgress<TranscriptionProgress>, IDisposable
{
    private const long MinimumMilliseconds = 100;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private readonly string _name;
    private readonly bool _visible;
    private long _nextAt;
    private int _width;

    public ProgressLine(string name)
    {
        _name = Path.GetFileName(name);
        _visible = !Messages.Quiet && !Console.IsErrorRedirected;
    }

    public void Report(DiarizationProgress value) => Report(value.Stage.ToString().ToLowerInvariant(), value.Position, value.Fraction);

    public void Report(TranscriptionProgress value) => Report("transcribing", value.Position, value.Fraction);

    public void Dispose()
    {
        lock (_lock)
        {
            if (_width > 0)
            {
                Show("");
                Console.Error.Write('\r');
            }
        }
    }

    private void Report(string stage, double position, double? done)
    {
        lock (_lock)
        {
            if (!_visible || _clock.ElapsedMilliseconds < _nextAt)
            {
                return;
            }

            _nextAt = _clock.ElapsedMilliseconds + MinimumMilliseconds;
            string share = done is double fraction ? $"{100 * fraction,4:0} %" : TimelineText.Clock(position);
            double speed = position / Math.Max(_clock.Elapsed.TotalSeconds, 0.001);
            Show(string.Create(CultureInfo.InvariantCulture, $"{_name}  {stage} {share}  {speed:0}× real time"));
        }
    }

    private void Show(string text)
    {
        Console.Error.Write($"\r{text.PadRight(_width)}");
        _width = text.Length;
    }
}
