namespace Diarist.Networks.Nemotron3;

/// <summary>The sizes of a Nemotron 3 Diarization network and the constants of its speaker cache, as its file states them.</summary>
internal sealed record Nemotron3Configuration
{
    /// <summary>The speakers that the network tells apart.</summary>
    public const int Speakers = 8;

    /// <summary>Mel bands of a row.</summary>
    public const int MelBands = 128;

    /// <summary>Mel rows (10 ms) of an encoder frame (80 ms), and output rows that a frame yields.</summary>
    public const int RowsPerFrame = 8;

    /// <summary>The longest concatenation of cache, FIFO, chunk and look-ahead that is run, in frames.</summary>
    public const int MaximumFrames = 4096;

    /// <summary>Values of an encoder frame.</summary>
    public int Hidden { get; init; } = 512;

    /// <summary>Layers of the encoder.</summary>
    public int Layers { get; init; } = 31;

    /// <summary>Attention heads of a layer.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Values between the two linear layers of a feed-forward part.</summary>
    public int FeedForward { get; init; } = 2048;

    /// <summary>Values of a sub-frame in the head.</summary>
    public int HeadHidden { get; init; } = 192;

    /// <summary>Frames that the speaker cache keeps.</summary>
    public int CacheFrames { get; init; } = 264;

    /// <summary>The base of the rotary embedding.</summary>
    public double RotaryBase { get; init; } = 10000;

    /// <summary>Silence slots that the cache reserves for each speaker.</summary>
    public int SilencePerSpeaker { get; init; } = 1;

    /// <summary>The least probability that a logarithm is taken of when frames are scored for the cache.</summary>
    public double ScoreFloor { get; init; } = 0.25;

    /// <summary>What the newest frames get added to their scores.</summary>
    public double LatestBoost { get; init; } = 0.05;

    /// <summary>The share of a speaker's slots that the strong boost fills.</summary>
    public double StrongBoostRate { get; init; } = 0.75;

    /// <summary>The share of a speaker's slots that the weak boost fills.</summary>
    public double WeakBoostRate { get; init; } = 1.5;

    /// <summary>The share of a speaker's slots from which on only frames with a positive score are kept.</summary>
    public double MinimumPositiveRate { get; init; } = 0.5;

    /// <summary>Values of an attention head.</summary>
    public int HeadSize => Hidden / Heads;

    /// <summary>Checks that the kernels can run the sizes.</summary>
    /// <param name="file">The file that errors name.</param>
    /// <exception cref="PackException">They cannot.</exception>
    public void Check(string file)
    {
        bool sound = Hidden % 32 == 0 && Hidden is > 0 and <= 4096 && Heads > 0 && Hidden % Heads == 0 && HeadSize % 16 == 0
            && FeedForward % 32 == 0 && FeedForward is > 0 and <= 16384 && HeadHidden % 16 == 0 && HeadHidden is > 0 and <= 4096
            && Layers is > 0 and <= 256 && CacheFrames >= 2 * Speakers && CacheFrames <= MaximumFrames
            && SilencePerSpeaker is >= 0 and <= 16 && SilencePerSpeaker * Speakers < CacheFrames;
        if (!sound)
        {
            throw new PackException(
                $"{file}: {Layers} layers of {Hidden} values with {Heads} heads, {FeedForward} between, a head of {HeadHidden} and a cache of {CacheFrames} frames"
                + " are no sizes of a Nemotron 3 diarization network that is run here.");
        }
    }
}
