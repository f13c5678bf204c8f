using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Parts;

/// <summary>The windows of all ranges of a recording, in order.</summary>
internal sealed class JoinedWindows
{
    /// <summary>Seconds of a block of the trunk.</summary>
    public const double BlockSeconds = TrunkGrid.BlockFeatures / 100.0;

    private readonly IReadOnlyList<HeardWindows> _parts;
    private readonly SegmentsParameters _parameters;

    /// <summary>Joins parts.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="networks">What must have heard them.</param>
    /// <param name="parameters">The constants of the recipe.</param>
    /// <exception cref="ArgumentException">They do not make a whole recording, or something else heard them.</exception>
    public JoinedWindows(IReadOnlyList<HeardWindows> parts, string networks, SegmentsParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = [.. parts.OrderBy(part => part.FirstWindow).Where(part => part.Windows > 0)];
        _parameters = parameters;
        Samples = parts.Max(part => part.Samples) ?? throw new ArgumentException("No part reaches the end of the recording.", nameof(parts));
        Warnings = parts.First(part => part.Samples is not null).Warnings;
        Grid = new SlidingWindow(parts[0].StepSamples);
        int next = 0;
        foreach (HeardWindows part in _parts)
        {
            Require(part.FirstWindow == next, "The parts do not follow each other.");
            next += part.Windows;
        }

        Require(parts.All(part => part.Networks == networks), "Another version or other networks heard a part.");
        Require(parts.All(part => part.StepSamples == Grid.StepSamples && (part.Samples ?? Samples) == Samples), "The parts are not of one recording.");
        Require(next == Grid.WindowCount(Samples), "The parts are not the whole recording.");
    }

    /// <summary>The length of the recording in samples at 16 kHz.</summary>
    public long Samples { get; }

    /// <summary>The length of the recording in seconds.</summary>
    public double Duration => Samples / (double)SlidingWindow.SampleRate;

    /// <summary>Where the windows lie.</summary>
    public SlidingWindow Grid { get; }

    /// <summary>What was wrong with the recording and could be survived.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Where speech is, and the voices in it.</summary>
    public PieceSchedule Schedule()
    {
        const int frames = SlidingWindow.FramesPerWindow;
        var schedule = new PieceSchedule(Grid, _parameters);
        int window = 0;
        foreach (HeardWindows part in _parts)
        {
            for (int at = 0; at < part.Masks.Length; at += frames)
            {
                schedule.Add(window++, part.Masks[at..(at + frames)]);
            }
        }

        schedule.End(Duration);
        return schedule;
    }

    /// <summary>All blocks of the trunk.</summary>
    public IEnumerable<TrunkBlock> Blocks()
    {
        PieceSchedule schedule = Schedule();
        int rows = ResNet34Trunk.OutputFrames(FeatureStore.FramesOf(Samples));
        while (schedule.TryNextBlock(rows, _ => true, out TrunkBlock? block))
        {
            yield return block!;
        }
    }

    /// <summary>What was heard of the recording.</summary>
    /// <param name="parts">The voices of all ranges.</param>
    /// <param name="networks">What must have heard them.</param>
    /// <exception cref="ArgumentException">They do not make a whole recording, or something else heard them.</exception>
    public HeardSpeech With(IReadOnlyList<HeardVoices> parts, string networks)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var voices = new Dictionary<VoiceKey, Voice>();
        int next = 0;
        foreach (HeardVoices part in parts.Where(part => part.EndBlock > part.FirstBlock).OrderBy(part => part.FirstBlock))
        {
            Require(part.Networks == networks, "Another version or other networks heard a part.");
            Require(part.FirstBlock == next, "The parts do not follow each other.");
            next = part.EndBlock;
            foreach ((VoiceKey key, int rows, Half[] vector) in part.Voices)
            {
                Require(voices.TryAdd(key, new Voice(Array.ConvertAll(vector, value => (float)value), rows)), "Two parts hold the same voice.");
            }
        }

        Require(next == Blocks().Count(), "The parts are not the whole recording.");
        int dimension = parts.Count > 0 ? parts[0].Dimension : throw new ArgumentException("There is no part.", nameof(parts));
        Require(parts.All(part => part.Dimension == dimension), "The parts are not of one recording.");
        return HeardSpeech.Of(Schedule(), key => voices.Remove(key, out Voice voice) ? voice : null, dimension, Grid, Duration, isLinked: true);
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new ArgumentException(problem);
        }
    }
}
