using Diarist.Networks;
using Diarist.Networks.Nemotron3;
using Diarist.Reconstruction;
using Diarist.Segmentation;

namespace Diarist.Pipeline;

/// <summary>The recipe of Nemotron 3: the network labels every 10 ms with up to eight speakers, and nothing is clustered.</summary>
internal sealed class Nemotron3Pipeline(LoadedNetworks networks, DiarizerOptions options) : IRecipePipeline
{
    private const int Piece = 5 * SlidingWindow.SampleRate;

    private readonly Nemotron3Network _network = networks.Load(Network.Nemotron3).With(options.Threads);

    public Diarization Run(SampleReader read, Action<DiarizationStage, double> report, CancellationToken cancellationToken)
    {
        var clock = new StageClock(options.Clock);
        long start = clock.Start();
        var columns = new SpeakerColumns();
        Nemotron3State state = _network.Begin(Nemotron3Profile.Offline);
        float[] samples = new float[Piece];
        long total = 0;
        for (int count; (count = read(samples)) > 0;)
        {
            _network.Push(state, samples.AsSpan(0, count), rows => columns.Add(rows.Probabilities), cancellationToken: cancellationToken);
            total += count;
            report(DiarizationStage.Listening, total / (double)SlidingWindow.SampleRate);
        }

        _network.Finish(state, rows => columns.Add(rows.Probabilities), cancellationToken);
        clock.Stop(StageClock.Stage.Segmentation, start);
        return Decide(columns, total / (double)SlidingWindow.SampleRate) with { Timing = clock.Timing() };
    }

    private Diarization Decide(SpeakerColumns columns, double duration)
    {
        TurnSettings settings = options.TurnSettings with
        {
            MinimumGap = Math.Max(options.TurnSettings.MinimumGap, options.MinimumDurationOff),
            MinimumTurn = Math.Max(options.TurnSettings.MinimumTurn, options.MinimumDurationOn),
        };
        List<ColumnStretch> turns = columns.Turns(settings, duration);
        SpeakerBounds bounds = options.Bounds;
        int automatic = Found(turns);
        double certainty = SpeakerColumns.Certainty(turns);
        for (int found = automatic; found > bounds.Clamp(found) && columns.MergeWeakest(turns); found = Found(turns))
        {
            turns = columns.Turns(settings, duration);
        }

        int[] speakers = [.. turns.Select(turn => turn.Column).Distinct()];
        Dictionary<int, string> labels = speakers.Select((column, index) => (column, index)).ToDictionary(pair => pair.column, pair => TurnReconstruction.Label(pair.index));
        Turn[] all = ToTurns(turns, labels), exclusive = ToTurns(columns.Exclusive(turns), labels);
        string? problem = speakers.Length < bounds.Clamp(speakers.Length)
            ? $"{bounds} speakers were asked for, but the network found no more than {speakers.Length}."
            : null;
        List<string> warnings = problem is null ? [] : [problem];
        if (automatic == Nemotron3Configuration.Speakers)
        {
            warnings.Add("All eight speakers that the network can tell apart were used; there may be more people, and two of them may share a label.");
        }

        bool given = bounds.Exact == speakers.Length;
        return new Diarization
        {
            Turns = all,
            ExclusiveTurns = exclusive,
            Speakers = [.. speakers.Select(column => SpeakerSummary.Of(labels[column], all, ghost: false))],
            Count = new SpeakerCountReport(speakers.Length, automatic, bounds, given ? 1 : certainty, !given && certainty < 0.5, problem),
            Duration = duration,
            Recipe = options.Recipe,
            Options = options,
            Warnings = warnings,
            Probabilities = columns.Of(labels),
        };
    }

    private static int Found(List<ColumnStretch> turns) => turns.Select(turn => turn.Column).Distinct().Count();

    private static Turn[] ToTurns(List<ColumnStretch> turns, Dictionary<int, string> labels) =>
        [.. turns.Select(turn => new Turn(turn.Start, turn.End, labels[turn.Column]) { Confidence = turn.Confidence })];
}
