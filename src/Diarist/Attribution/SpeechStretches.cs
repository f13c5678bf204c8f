namespace Diarist.Attribution;

/// <summary>When there is speech, whoever speaks: stretches in order, joined over short pauses.</summary>
internal sealed class SpeechStretches
{
    // Recognizers and diarizers end words and turns differently; shorter pauses say nothing.
    private const double ShortestPause = 0.3;

    // Two hours of speech with a pause every few seconds.
    private const int MostTexts = 2000;

    private readonly List<TimeRange> _stretches;
    private readonly double[] _starts;
    private readonly double[] _before;

    private SpeechStretches(List<TimeRange> stretches)
    {
        _stretches = stretches;
        _starts = [.. stretches.Select(stretch => stretch.Start)];
        _before = new double[stretches.Count];
        for (int i = 1; i < _before.Length; i++)
        {
            _before[i] = _before[i - 1] + stretches[i - 1].Duration;
        }
    }

    /// <summary>The number of stretches.</summary>
    public int Count => _stretches.Count;

    /// <summary>The start of the first.</summary>
    public double Start => _stretches.Count > 0 ? _stretches[0].Start : 0;

    /// <summary>The end of the last.</summary>
    public double End => _stretches.Count > 0 ? _stretches[^1].End : 0;

    /// <summary>The seconds of speech.</summary>
    public double Seconds => _stretches.Count > 0 ? _before[^1] + _stretches[^1].Duration : 0;

    /// <summary>The texts of a transcript, of long ones the first two hours or so.</summary>
    public static SpeechStretches Of(IEnumerable<TimeRange> texts)
    {
        List<TimeRange> stretches = Joined(texts);
        return new(stretches.Count > MostTexts ? stretches[..MostTexts] : stretches);
    }

    /// <summary>All turns.</summary>
    public static SpeechStretches Of(TurnTimeline turns) => new(Joined(Enumerable.Range(0, turns.Count)
        .Where(interval => turns.SpeakersOf(interval).Length > 0)
        .Select(interval => new TimeRange(Ticks.ToSeconds(turns.BoundsOf(interval).Start), Ticks.ToSeconds(turns.BoundsOf(interval).End)))));

    /// <summary>The seconds of speech between two times.</summary>
    public double Between(double start, double end) => Until(end) - Until(start);

    /// <summary>The seconds in which there is speech in both, when this one is moved to be <paramref name="late"/> seconds earlier.</summary>
    public double Shared(SpeechStretches other, double late) => _stretches.Sum(range => other.Between(range.Start - late, range.End - late));

    private double Until(double time)
    {
        int found = Array.BinarySearch(_starts, time);
        int stretch = found >= 0 ? found : ~found - 1;
        return stretch < 0 ? 0 : _before[stretch] + Math.Min(time - _starts[stretch], _stretches[stretch].Duration);
    }

    private static List<TimeRange> Joined(IEnumerable<TimeRange> ranges)
    {
        var stretches = new List<TimeRange>();
        foreach (TimeRange range in ranges.Where(range => range.End >= range.Start).OrderBy(range => range.Start))
        {
            if (stretches.Count > 0 && range.Start <= stretches[^1].End + ShortestPause)
            {
                stretches[^1] = new TimeRange(stretches[^1].Start, Math.Max(stretches[^1].End, range.End));
            }
            else
            {
                stretches.Add(range);
            }
        }

        return stretches;
    }
}
