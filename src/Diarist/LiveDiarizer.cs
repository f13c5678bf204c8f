using System.Runtime.CompilerServices;
using Diarist.Audio;
using Diarist.Networks;
using Diarist.Networks.Nemotron3;
using Diarist.Packs;
using Diarist.Reconstruction;

namespace Diarist;

/// <summary>How to diarize live.</summary>
public sealed record LiveDiarizerOptions
{
    /// <summary>How much audio a step takes; decides latency and work (docs/nemotron3.md). Default <see cref="Nemotron3Profile.Live32"/>.</summary>
    public Nemotron3Profile Profile { get; init; } = Nemotron3Profile.Live32;

    /// <summary>How turns are made of probabilities. Default <see cref="TurnSettings.Card"/>.</summary>
    public TurnSettings TurnSettings { get; init; } = TurnSettings.Card;

    /// <summary>Whether the labels of the look-ahead are told as provisional. Default yes; it costs nothing worth mentioning.</summary>
    public bool Provisional { get; init; } = true;

    /// <summary>Threads to work on; 0 takes one for each processor. The result does not depend on it.</summary>
    public int Threads { get; init; }
}

/// <summary>What a stretch of live audio brought.</summary>
public sealed record LiveUpdate
{
    internal LiveUpdate(double labelled, IReadOnlyList<Turn> turns, IReadOnlyList<Turn> open, IReadOnlyList<Turn> provisional, bool isLast) =>
        (Labelled, Turns, Open, Provisional, IsLast) =
        (labelled, turns, open, provisional, isLast);

    /// <summary>Seconds of the recording that are labelled for good.</summary>
    public double Labelled { get; init; }

    /// <summary>Turns that have ended; they never change again.</summary>
    public IReadOnlyList<Turn> Turns { get; init; }

    /// <summary>Turns that have begun and may still go on, until <see cref="Labelled"/>; the next update has them anew.</summary>
    public IReadOnlyList<Turn> Open { get; init; }

    /// <summary>Turns in the look-ahead after <see cref="Labelled"/>, a guess that the next update replaces.</summary>
    public IReadOnlyList<Turn> Provisional { get; init; }

    /// <summary>Whether the audio has ended.</summary>
    public bool IsLast { get; init; }
}

/// <summary>
/// Tells speakers apart while they speak. Labels are numbered in the order in which people first speak, and stay; what is emitted as a turn is final. Holds the network; may serve
/// several recordings at once.
/// </summary>
public sealed class LiveDiarizer
{
    private const int SampleRate = MonoStream.SampleRate;

    private readonly Nemotron3Network _network;

    private LiveDiarizer(Nemotron3Network network, IReadOnlyList<LocatedPack> packs, LiveDiarizerOptions options) => (_network, Packs, Options) = (network, packs, options);

    /// <summary>The names of the packs that live diarization needs.</summary>
    public static IReadOnlyList<string> RequiredPacks => [Network.Nemotron3.Pack];

    /// <summary>The options in force.</summary>
    public LiveDiarizerOptions Options { get; }

    /// <summary>The networks, for credits.</summary>
    public IReadOnlyList<LocatedPack> Packs { get; }

    /// <summary>Loads the network.</summary>
    /// <param name="store">Where packs are found; nothing is fetched.</param>
    /// <param name="options">How to diarize; the defaults when <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The options are impossible.</exception>
    /// <exception cref="MissingPacksException">The pack is in none of the places.</exception>
    /// <exception cref="PackException">The pack is damaged or of another network.</exception>
    public static LiveDiarizer Create(PackStore store, LiveDiarizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        options ??= new LiveDiarizerOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads, nameof(options));
        options.TurnSettings.Validate();
        IReadOnlyList<LocatedPack> packs = store.RequireAll(RequiredPacks);
        Nemotron3Network network = Network.Nemotron3.Load(packs[0], Precision.Auto, 1).With(options.Threads > 0 ? options.Threads : Environment.ProcessorCount);
        network.Begin(options.Profile);
        return new LiveDiarizer(network, packs, options);
    }

    /// <summary>Diarizes one recording as it comes.</summary>
    /// <param name="samples">Mono 16 kHz audio in [−1, 1], in pieces of any length; the result does not depend on them.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <returns>An update for each step of the network, and a last one.</returns>
    /// <exception cref="ArgumentException">A sample is not finite, or far beyond full scale.</exception>
    public async IAsyncEnumerable<LiveUpdate> RunAsync(IAsyncEnumerable<ReadOnlyMemory<float>> samples, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        Nemotron3State state = _network.Begin(Options.Profile);
        List<ColumnStretch> ended = [];
        var tracker = new TurnTracker(Options.TurnSettings, ended.Add);
        List<LiveUpdate> updates = [];
        long heard = 0;
        await foreach (ReadOnlyMemory<float> piece in samples.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            SampleCheck.Require(piece.Span, nameof(samples));
            heard += piece.Length;

            // Hours in one piece are cut, so that updates come as they are made.
            for (int start = 0; start < piece.Length; start += SampleRate)
            {
                ReadOnlyMemory<float> part = piece.Slice(start, Math.Min(SampleRate, piece.Length - start));
                await Task.Run(() => _network.Push(state, part.Span, Take, Options.Provisional, cancellationToken), cancellationToken).ConfigureAwait(false);
                foreach (LiveUpdate update in updates)
                {
                    yield return update;
                }

                updates.Clear();
            }
        }

        await Task.Run(() => _network.Finish(state, Take, cancellationToken), cancellationToken).ConfigureAwait(false);
        double duration = heard / (double)SampleRate;
        tracker.Finish(duration);
        updates.Add(new LiveUpdate(duration, Drain(ended), [], [], isLast: true));
        foreach (LiveUpdate update in updates)
        {
            yield return update;
        }

        void Take(Nemotron3Rows rows)
        {
            Feed(tracker, rows.Probabilities);
            double labelled = (rows.FirstRow + (rows.Probabilities.Length / Nemotron3Configuration.Speakers)) * TurnTracker.RowSeconds;
            updates.Add(new LiveUpdate(labelled, Drain(ended), [.. tracker.Open.Select(ToTurn)], Guess(rows.Provisional, labelled), isLast: false));
        }
    }

    private static Turn[] Drain(List<ColumnStretch> ended)
    {
        Turn[] turns = [.. ended.OrderBy(stretch => stretch.Start).ThenBy(stretch => stretch.Column).Select(ToTurn)];
        ended.Clear();
        return turns;
    }

    private static void Feed(TurnTracker tracker, ReadOnlySpan<float> probabilities)
    {
        for (int row = 0; row < probabilities.Length; row += Nemotron3Configuration.Speakers)
        {
            tracker.Add(probabilities.Slice(row, Nemotron3Configuration.Speakers));
        }
    }

    private static Turn ToTurn(ColumnStretch stretch) => new(stretch.Start, stretch.End, TurnReconstruction.Label(stretch.Column)) { Confidence = stretch.Confidence };

    private Turn[] Guess(float[] probabilities, double from)
    {
        List<ColumnStretch> found = [];
        var tracker = new TurnTracker(Options.TurnSettings with { PadBefore = 0, PadAfter = 0, MinimumGap = 0, MinimumTurn = 0 }, found.Add);
        Feed(tracker, probabilities);
        tracker.Finish(probabilities.Length / Nemotron3Configuration.Speakers * TurnTracker.RowSeconds);
        return [.. found.OrderBy(stretch => stretch.Start).Select(stretch => ToTurn(stretch with { Start = from + stretch.Start, End = from + stretch.End }))];
    }
}
