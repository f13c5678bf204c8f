namespace Diarist.Server.Work;

/// <summary>How far a job is.</summary>
/// <param name="Stage">What is being done: <c>listening</c>, <c>clustering</c>, <c>recognizing</c>.</param>
/// <param name="Fraction">How much of it is done, 0 to 1; <see langword="null"/> where nobody can say.</param>
/// <param name="Speed">Seconds of sound for each second of work.</param>
/// <param name="SecondsLeft">How long it may still take.</param>
internal sealed record JobProgress(string Stage, double? Fraction, double? Speed, double? SecondsLeft);

/// <summary>Turns the progress of the diarizer into that of a job, a few times a second.</summary>
internal sealed class ProgressMeter(TimeProvider clock, Action<JobProgress> report) : IProgress<DiarizationProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly long _start = clock.GetTimestamp();
    private long _last;

    public void Report(DiarizationProgress value)
    {
        lock (_gate)
        {
            if (_last != 0 && clock.GetElapsedTime(_last) < Interval)
            {
                return;
            }

            _last = clock.GetTimestamp();
        }

        double seconds = clock.GetElapsedTime(_start).TotalSeconds;
        double? speed = value.Position > 0 && seconds > 0 ? value.Position / seconds : null;
        double? left = speed is { } pace && value.Duration is { } whole ? Math.Max(0, (whole - value.Position) / pace) : null;
        report(new JobProgress(value.Stage == DiarizationStage.Listening ? "listening" : "clustering", value.Fraction is { } fraction ? Math.Clamp(fraction, 0, 1) : null, speed, left));
    }
}
