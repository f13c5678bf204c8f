using System.Globalization;
using Diarist.Audio;
using Diarist.Parts;
using Diarist.Pipeline;
using Diarist.Segmentation;

namespace Diarist;

public sealed partial class Diarizer
{
    /// <summary>
    /// The first of three steps that diarize one recording on several machines: hears the windows of a range. <see cref="HearVoices"/> follows on the
    /// windows of all ranges, then <see cref="Join"/>; the result is that of <see cref="Diarize(AudioStream, IProgress{DiarizationProgress}?, CancellationToken)"/>, byte for byte.
    /// </summary>
    /// <param name="audio">The recording, read from its beginning to the end of the range; the caller disposes it.</param>
    /// <param name="range">The range.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <exception cref="InvalidOperationException">The recipe is not <see cref="Recipe.Segments"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range is none.</exception>
    /// <exception cref="AudioFormatException">The recording is damaged.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public HeardWindows HearWindows(AudioStream audio, ListeningRange range, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        range.Require(nameof(range));
        PartListener listener = Listener(RequireSegments());
        using var mono = new MonoStream(audio);
        return listener.Windows(mono.Read, range, () => [.. mono.Warnings], cancellationToken);
    }

    /// <summary>The second step: hears the voices of a range, which may be another range than one of the windows.</summary>
    /// <param name="audio">The recording, read from its beginning to some minutes behind the range; the caller disposes it.</param>
    /// <param name="windows">The windows of all ranges, in any order.</param>
    /// <param name="range">The range.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <exception cref="InvalidOperationException">The recipe is not <see cref="Recipe.Segments"/>.</exception>
    /// <exception cref="ArgumentException">The windows are not those of a whole recording, or not of these networks; or the range is none.</exception>
    /// <exception cref="AudioFormatException">The recording is damaged, or not the one that the windows were heard in.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public HeardVoices HearVoices(AudioStream audio, IReadOnlyList<HeardWindows> windows, ListeningRange range, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        range.Require(nameof(range));
        SegmentsPipeline pipeline = RequireSegments();
        var joined = new JoinedWindows(windows, PartOrigin(pipeline), SegmentsPipeline.ParametersOf(Options));
        using var mono = new MonoStream(audio);
        try
        {
            return Listener(pipeline).Voices(mono.Read, joined, range, cancellationToken);
        }
        catch (InvalidDataException error)
        {
            throw new AudioFormatException(audio.Info.Name, error.Message, error);
        }
    }

    /// <summary>The last step: finds the speakers of what was heard; no network is used.</summary>
    /// <param name="windows">The windows of all ranges, in any order.</param>
    /// <param name="voices">The voices of all ranges, in any order.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidOperationException">The recipe is not <see cref="Recipe.Segments"/>.</exception>
    /// <exception cref="ArgumentException">They are not those of a whole recording, or not of these networks.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Diarization Join(IReadOnlyList<HeardWindows> windows, IReadOnlyList<HeardVoices> voices, CancellationToken cancellationToken = default)
    {
        SegmentsPipeline pipeline = RequireSegments();
        var joined = new JoinedWindows(windows, PartOrigin(pipeline), SegmentsPipeline.ParametersOf(Options));
        Diarization result = SegmentsPipeline.Cluster(joined.With(voices, PartOrigin(pipeline)), pipeline.OptionsInForce, constraints: null, new StageClock(clock: null), cancellationToken).Diarization;
        return result with { Packs = _networks.Packs, Warnings = [.. joined.Warnings, .. result.Warnings] };
    }

    private PartListener Listener(SegmentsPipeline pipeline) => new(pipeline, PartOrigin(pipeline), Options);

    // Parts are joined only where the same version heard them with the same networks and arithmetic.
    private static string PartOrigin(SegmentsPipeline pipeline) =>
        string.Create(CultureInfo.InvariantCulture, $"{typeof(Diarizer).Assembly.GetName().Version?.ToString(3)} {pipeline.Fingerprint} {pipeline.OptionsInForce.Precision}");
}
