using Diarist.Clustering;
using Diarist.Networks;
using Diarist.Networks.Silero;
using Diarist.Segmentation;
using Diarist.VoiceActivity;

namespace Diarist.Pipeline;

/// <summary>Where somebody speaks, all of it one speaker's: what is left to do for a channel on which only one person can be.</summary>
internal sealed class OneVoicePipeline(LoadedNetworks networks, DiarizerOptions options) : IRecipePipeline
{
    private const string Label = "SPEAKER_00";

    private readonly SileroVad _voiceActivity = networks.Load(Network.VoiceActivity);

    public Diarization Run(SampleReader read, Action<DiarizationStage, double> report, CancellationToken cancellationToken)
    {
        var clock = new StageClock(options.Clock);
        long start = clock.Start();
        using var stream = new SileroVadStream(_voiceActivity);
        var probabilities = new List<float>();
        float[] samples = new float[SlidingWindow.SampleRate];
        long total = 0;
        for (int count; (count = read(samples)) > 0;)
        {
            float[] finished = new float[stream.StepsAfter(count)];
            stream.Push(samples.AsSpan(0, count), finished, cancellationToken);
            probabilities.AddRange(finished);
            total += count;
            report(DiarizationStage.Listening, total / (double)SlidingWindow.SampleRate);
        }

        float[] last = new float[1];
        probabilities.AddRange(last.AsSpan(0, stream.Finish(last)));
        Turn[] turns = [.. SpeechSpans.Find(probabilities.ToArray(), total).Select(span => new Turn(span, Label))];
        clock.Stop(StageClock.Stage.Segmentation, start);

        int found = turns.Length == 0 ? 0 : 1;
        SpeakerBounds bounds = options.Bounds;
        string? problem = bounds.Clamp(found) == found ? null : $"{bounds} speakers were asked for, but this recipe tells nobody apart.";
        return new Diarization
        {
            Turns = turns,
            ExclusiveTurns = turns,
            Speakers = found == 0 ? [] : [SpeakerSummary.Of(Label, turns, ghost: false)],
            Count = new SpeakerCountReport(found, found, bounds, certainty: 0, uncertain: false, problem),
            Duration = total / (double)SlidingWindow.SampleRate,
            Recipe = options.Recipe,
            Options = options,
            Warnings = problem is null ? [] : [problem],
            Timing = clock.Timing(),
        };
    }
}
