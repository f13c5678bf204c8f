using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>Rows of 10 ms with the probability of each of the eight speakers.</summary>
/// <param name="FirstRow">The first row's number in the recording.</param>
/// <param name="Probabilities">Shape (rows, 8).</param>
/// <param name="Provisional">Rows after those that the next step will label again, shape (rows, 8); empty unless they were asked for.</param>
internal readonly record struct Nemotron3Rows(long FirstRow, float[] Probabilities, float[] Provisional);

/// <summary>
/// Nemotron 3 Diarization (NVIDIA; a Streaming Sortformer): from samples to the probability that each of up to eight speakers speaks, in the order in which they first do.
/// Stateless; what it remembers of a recording is in a <see cref="Nemotron3State"/>.
/// </summary>
internal sealed class Nemotron3Network
{
    private const int RowsPerFrame = Nemotron3Configuration.RowsPerFrame;
    private const int Speakers = Nemotron3Configuration.Speakers;

    private readonly INemotron3Encoder _encoder;
    private readonly Nemotron3FrontEnd _frontEnd;

    private Nemotron3Network(INemotron3Encoder encoder, Nemotron3FrontEnd frontEnd)
    {
        _encoder = encoder;
        _frontEnd = frontEnd;
    }

    /// <summary>The sizes.</summary>
    public Nemotron3Configuration Configuration => _encoder.Weights.Configuration;

    /// <summary>Threads that a step uses; the results do not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Told of every step; for tests.</summary>
    internal Action<Nemotron3Step>? OnStep { get; init; }

    /// <summary>Receives the stages of a step (its number from 0), or null; for tests.</summary>
    internal Func<Nemotron3State, StageProbe?>? Probe { get; init; }

    /// <summary>Loads a file: GGUF by its extension, else safetensors.</summary>
    /// <exception cref="PackException">It cannot be read, is damaged, or holds another network.</exception>
    public static Nemotron3Network Load(string path, int threads = 1, Q8Arithmetic arithmetic = Q8Arithmetic.Fastest) =>
        Create(path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? new Nemotron3Gguf(path, arithmetic) : new Nemotron3SafeTensors(path), threads);

    /// <summary>Binds the tensors of a source.</summary>
    public static Nemotron3Network Create(INemotron3Source source, int threads = 1, LaneWidth? width = null) =>
        new(Encoder(source, width ?? LaneWidths.Widest), new Nemotron3FrontEnd(source.FilterBank)) { Threads = threads };

    /// <summary>Whether the labels of a step are wanted, if nothing later depends on them; for tests that would take too long otherwise. Others come as an empty array.</summary>
    internal Predicate<Nemotron3State>? Wanted { get; init; }

    /// <summary>The same network with other settings.</summary>
    internal Nemotron3Network With(
        int threads, Action<Nemotron3Step>? onStep = null, Func<Nemotron3State, StageProbe?>? probe = null, Predicate<Nemotron3State>? wanted = null) =>
        new(_encoder, _frontEnd) { Threads = threads, OnStep = onStep, Probe = probe, Wanted = wanted };

    /// <summary>Begins a recording.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sizes of the profile are impossible.</exception>
    public Nemotron3State Begin(Nemotron3Profile profile)
    {
        profile.Check(Configuration.CacheFrames);
        return new Nemotron3State(profile);
    }

    /// <summary>Takes samples, in pieces of any length, and runs the steps that they complete.</summary>
    /// <param name="state">The recording so far; changed.</param>
    /// <param name="samples">Mono 16 kHz audio in [−1, 1].</param>
    /// <param name="labelled">Receives the rows of each step.</param>
    /// <param name="provisional">Whether the rows of the look-ahead are wanted too.</param>
    /// <param name="cancellationToken">Stops within a few milliseconds; the state is then at the last whole step.</param>
    public void Push(Nemotron3State state, ReadOnlySpan<float> samples, Action<Nemotron3Rows> labelled, bool provisional = false, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(state.Finished, state);
        while (true)
        {
            Nemotron3Profile profile = state.Profile;
            long needed = SamplesFor(state.NextFrame + profile.Chunk + profile.LookAhead);
            int taken = (int)Math.Clamp(needed - state.EndSample, 0, samples.Length);
            state.Samples.AddRange(samples[..taken]);
            samples = samples[taken..];
            if (state.EndSample < needed)
            {
                return;
            }

            Step(state, profile.Chunk, profile.LookAhead, long.MaxValue, labelled, provisional, cancellationToken);
        }
    }

    /// <summary>Ends the recording: labels what is left. Fewer than 160 samples in all yield no row.</summary>
    public void Finish(Nemotron3State state, Action<Nemotron3Rows> labelled, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(state.Finished, state);
        long rows = state.EndSample / Nemotron3FrontEnd.Hop;
        long frames = rows == 0 ? 0 : state.Profile.WholeRecording ? (rows / RowsPerFrame) + 1 : (rows + RowsPerFrame - 1) / RowsPerFrame;
        while (state.NextFrame < frames)
        {
            int left = (int)(frames - state.NextFrame), chunk = state.Profile.WholeRecording ? Math.Min(left, state.Profile.Chunk) : left;
            Step(state, chunk, Math.Min(state.Profile.LookAhead, left - chunk), rows, labelled, provisional: false, cancellationToken);
        }

        state.Finished = true;
    }

    /// <summary>Samples after which the first <paramref name="frames"/> frames of a recording are known.</summary>
    public static long SamplesFor(long frames) => (Nemotron3FrontEnd.Hop * ((RowsPerFrame * frames) - 1)) + Nemotron3FrontEnd.After;

    /// <summary>What runs the tensors of a source with vectors of a width.</summary>
    internal static INemotron3Encoder Encoder(INemotron3Source source, LaneWidth width) => width switch
    {
        LaneWidth.Bits512 => new Nemotron3Encoder<Lanes16>(Nemotron3Layers.Bind<Lanes16>(source)),
        LaneWidth.Bits256 => new Nemotron3Encoder<Lanes8>(Nemotron3Layers.Bind<Lanes8>(source)),
        LaneWidth.Bits128 => new Nemotron3Encoder<Lanes4>(Nemotron3Layers.Bind<Lanes4>(source)),
        _ => new Nemotron3Encoder<Lane1>(Nemotron3Layers.Bind<Lane1>(source)),
    };

    /// <summary>Runs one step.</summary>
    /// <param name="state">The recording; changed only when the step is complete.</param>
    /// <param name="chunk">Frames to label.</param>
    /// <param name="ahead">Frames to look ahead.</param>
    /// <param name="validRows">Rows that the recording has, if its end is known.</param>
    /// <param name="labelled">Receives the rows.</param>
    /// <param name="provisional">Whether those of the look-ahead are wanted.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private void Step(Nemotron3State state, int chunk, int ahead, long validRows, Action<Nemotron3Rows> labelled, bool provisional, CancellationToken cancellationToken)
    {
        int hidden = Configuration.Hidden;
        float[] fresh = Vectors(state, chunk + ahead, validRows);
        int cache = state.Cache.Length / hidden, fifo = state.Fifo.Length / hidden, back = state.Back.Length / hidden;
        float[] input = [.. state.Cache, .. state.Fifo, .. state.Back, .. fresh];
        int frames = input.Length / hidden, chunkStart = cache + fifo + back;
        int joined = fifo + chunk, moved = joined > state.Profile.Fifo ? Math.Min(joined, Math.Max(state.Profile.Update, joined - state.Profile.Fifo)) : 0;

        // Only a step that moves frames to the cache needs the speakers of frames before the chunk.
        int first = moved > 0 ? 0 : chunkStart, wanted = (provisional ? frames : chunkStart + chunk) - first;
        bool lastIsNothing = (state.NextFrame + chunk + ahead - 1) * RowsPerFrame >= validRows;
        var logits = new float[wanted * RowsPerFrame * Speakers];
        bool run = moved > 0 || Wanted is null || Wanted(state);
        if (run)
        {
            _encoder.Run(input, lastIsNothing ? frames - 1 : frames, first, logits, Threads, Probe?.Invoke(state), cancellationToken);
        }

        float[] probabilities = Array.ConvertAll(logits, logit => (float)(1 / (1 + Math.Exp(-logit))));
        Nemotron3Step step = new(state.NextFrame, chunk, ahead, back, cache, fifo, moved, cache, joined - moved, null);
        float[] joinedVectors = [.. state.Fifo, .. fresh[..(chunk * hidden)]];
        if (moved > 0)
        {
            float[] means = Means(probabilities, wanted);
            if (lastIsNothing && ahead == 0)
            {
                means.AsSpan((chunkStart + chunk - 1) * Speakers, Speakers).Clear();
            }

            step = Move(state, step, joinedVectors, [.. means[(cache * Speakers)..((cache + fifo) * Speakers)], .. means[(chunkStart * Speakers)..((chunkStart + chunk) * Speakers)]], means);
        }

        long firstRow = state.NextFrame * RowsPerFrame;
        state.Fifo = joinedVectors[(moved * hidden)..];
        state.Back = Tail([.. state.Back, .. fresh[..(chunk * hidden)]], state.Profile.LookBack * hidden);
        state.Ahead = fresh[(chunk * hidden)..];
        state.NextFrame += chunk;
        Forget(state, ahead);
        OnStep?.Invoke(step);
        int start = (chunkStart - first) * RowsPerFrame * Speakers, end = start + ((int)Math.Min(chunk * RowsPerFrame, validRows - firstRow) * Speakers);
        labelled(run ? new Nemotron3Rows(firstRow, probabilities[start..end], probabilities[(start + (chunk * RowsPerFrame * Speakers))..]) : new Nemotron3Rows(firstRow, [], []));
    }

    /// <summary>The vectors of the next frames: those that the step before has seen, then new ones.</summary>
    private float[] Vectors(Nemotron3State state, int frames, long validRows)
    {
        int hidden = Configuration.Hidden, known = state.Ahead.Length / hidden, fresh = frames - known;
        if (fresh <= 0)
        {
            return state.Ahead[..(frames * hidden)];
        }

        // Rows after the last one are zeros.
        long firstRow = (state.NextFrame + known) * RowsPerFrame;
        var mel = new float[fresh * RowsPerFrame * Nemotron3Configuration.MelBands];
        int rows = (int)Math.Clamp(validRows - firstRow, 0, fresh * RowsPerFrame);
        _frontEnd.Compute(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(state.Samples), state.FirstSample, firstRow, rows, mel.AsSpan(0, rows * Nemotron3Configuration.MelBands));
        var vectors = new float[frames * hidden];
        state.Ahead.CopyTo(vectors, 0);
        _encoder.Embed(mel, vectors.AsSpan(known * hidden));
        return vectors;
    }

    /// <summary>Moves the oldest frames of the FIFO to the cache, and compresses the cache if it holds too many.</summary>
    private Nemotron3Step Move(Nemotron3State state, Nemotron3Step step, float[] joinedVectors, float[] joinedProbabilities, float[] means)
    {
        int hidden = Configuration.Hidden, cache = step.CacheBefore, slots = Configuration.CacheFrames;
        float[] vectors = [.. state.Cache, .. joinedVectors[..(step.Moved * hidden)]];
        float[] known = state.Compressed ? state.CacheProbabilities : means[..(cache * Speakers)];
        float[] probabilities = [.. known, .. joinedProbabilities[..(step.Moved * Speakers)]];
        long oldest = step.First - step.FifoBefore;
        long[] origins = [.. state.CacheOrigins, .. Enumerable.Range(0, step.Moved).Select(i => oldest + i)];
        int[]? picks = null;
        if (origins.Length > slots)
        {
            picks = SpeakerCacheSelection.Choose(Configuration, probabilities);
            float[] silence = _encoder.Weights.Silence;
            float[] keptVectors = new float[slots * hidden], keptProbabilities = new float[slots * Speakers];
            long[] keptOrigins = new long[slots];
            for (int slot = 0; slot < slots; slot++)
            {
                int pick = picks[slot];
                ReadOnlySpan<float> vector = pick < 0 ? silence : vectors.AsSpan(pick * hidden, hidden);
                vector.CopyTo(keptVectors.AsSpan(slot * hidden));
                keptOrigins[slot] = pick < 0 ? -1 : origins[pick];
                if (pick >= 0)
                {
                    probabilities.AsSpan(pick * Speakers, Speakers).CopyTo(keptProbabilities.AsSpan(slot * Speakers));
                }
            }

            (vectors, probabilities, origins, state.Compressed) = (keptVectors, keptProbabilities, keptOrigins, true);
        }

        (state.Cache, state.CacheProbabilities, state.CacheOrigins) = (vectors, probabilities, origins);
        return step with { CacheAfter = origins.Length, Picks = picks };
    }

    /// <summary>The mean of the eight probabilities of each frame and speaker.</summary>
    private static float[] Means(float[] probabilities, int frames)
    {
        var means = new float[frames * Speakers];
        for (int i = 0; i < means.Length; i++)
        {
            double sum = 0;
            for (int row = 0; row < RowsPerFrame; row++)
            {
                sum += probabilities[(((i / Speakers * RowsPerFrame) + row) * Speakers) + (i % Speakers)];
            }

            means[i] = (float)(sum / RowsPerFrame);
        }

        return means;
    }

    private static float[] Tail(float[] values, int length) => values.Length <= length ? values : values[^length..];

    /// <summary>Drops the samples that no later frame depends on.</summary>
    private static void Forget(Nemotron3State state, int ahead)
    {
        long firstRow = (state.NextFrame + ahead) * RowsPerFrame;
        int unneeded = (int)Math.Clamp((firstRow * Nemotron3FrontEnd.Hop) - Nemotron3FrontEnd.Before - 1 - state.FirstSample, 0, state.Samples.Count);
        state.Samples.RemoveRange(0, unneeded);
        state.FirstSample += unneeded;
    }
}
