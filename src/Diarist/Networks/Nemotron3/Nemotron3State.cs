namespace Diarist.Networks.Nemotron3;

/// <summary>What a step did; frames are counted from the start of the recording.</summary>
/// <param name="First">The first frame of the chunk.</param>
/// <param name="Chunk">Frames of the chunk.</param>
/// <param name="LookAhead">Frames after it that were seen.</param>
/// <param name="LookBack">Frames before it that were seen once more.</param>
/// <param name="CacheBefore">Frames of the speaker cache before.</param>
/// <param name="FifoBefore">Frames of the FIFO before.</param>
/// <param name="Moved">Frames that moved from the FIFO to the cache.</param>
/// <param name="CacheAfter">Frames of the cache after.</param>
/// <param name="FifoAfter">Frames of the FIFO after.</param>
/// <param name="Picks">If the cache was compressed: which candidates it kept, else null.</param>
internal sealed record Nemotron3Step(
    long First, int Chunk, int LookAhead, int LookBack, int CacheBefore, int FifoBefore, int Moved, int CacheAfter, int FifoAfter, int[]? Picks);

/// <summary>
/// Everything that a network remembers of a recording between steps, bounded whatever the recording's length: samples that wait for a step, the vectors of frames that come again,
/// the FIFO and the speaker cache with its probabilities. A copy goes on independently.
/// </summary>
internal sealed class Nemotron3State
{
    /// <summary>Begins a recording.</summary>
    /// <param name="profile">The sizes of a step.</param>
    public Nemotron3State(Nemotron3Profile profile) => Profile = profile;

    /// <summary>The sizes of a step.</summary>
    public Nemotron3Profile Profile { get; }

    /// <summary>Samples that are still needed, or wait for a step.</summary>
    public List<float> Samples { get; private init; } = [];

    /// <summary>The number of the first of them in the recording.</summary>
    public long FirstSample { get; set; }

    /// <summary>The first frame that is not labelled.</summary>
    public long NextFrame { get; set; }

    /// <summary>The vectors of frames from <see cref="NextFrame"/> on that a step has seen as look-ahead.</summary>
    public float[] Ahead { get; set; } = [];

    /// <summary>The vectors of the last labelled frames, for the look-back.</summary>
    public float[] Back { get; set; } = [];

    /// <summary>The vectors of the FIFO: the newest labelled frames.</summary>
    public float[] Fifo { get; set; } = [];

    /// <summary>The vectors of the speaker cache.</summary>
    public float[] Cache { get; set; } = [];

    /// <summary>The probabilities of its frames, shape (frames, 8).</summary>
    public float[] CacheProbabilities { get; set; } = [];

    /// <summary>The frame in each slot of the cache, −1 for silence.</summary>
    public long[] CacheOrigins { get; set; } = [];

    /// <summary>Whether the cache was ever compressed: from then on its probabilities stay as they are.</summary>
    public bool Compressed { get; set; }

    /// <summary>Whether the recording has ended.</summary>
    public bool Finished { get; set; }

    /// <summary>The end of the samples so far.</summary>
    public long EndSample => FirstSample + Samples.Count;

    /// <summary>An independent copy.</summary>
    public Nemotron3State Clone() => new(Profile)
    {
        // Arrays are replaced and never written to, so copies may share them.
        Samples = [.. Samples],
        FirstSample = FirstSample,
        NextFrame = NextFrame,
        Ahead = Ahead,
        Back = Back,
        Fifo = Fifo,
        Cache = Cache,
        CacheProbabilities = CacheProbabilities,
        CacheOrigins = CacheOrigins,
        Compressed = Compressed,
        Finished = Finished,
    };
}
