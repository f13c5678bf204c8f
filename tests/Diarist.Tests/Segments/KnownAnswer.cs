using Diarist.Inference;
using Diarist.Segmentation;
using Diarist.Segments;
using Diarist.Tests.Support;

namespace Diarist.Tests.Segments;

/// <summary>Every stage of the prototype of the recipe for one recording, at a step of 2 s (../shared/prototypes/segments/known_answer.npz).</summary>
internal sealed class KnownAnswer
{
    private static readonly Lazy<Npz> File = new(() => Npz.Read(Shared.Require("prototypes/segments/known_answer.npz")));

    /// <summary>The prototype's constants; those of the product were changed since.</summary>
    public static SegmentsParameters Parameters { get; } = SegmentsParameters.Default with
    {
        LinkWeight = 0.3,
        MergeThreshold = 0.45,
        Veto = null,
        TinySecondsAtMost = 0,
        MiddlingSecondsAtMost = 0,
        VoteSeconds = null,
    };

    private readonly string _name;

    private KnownAnswer(string name)
    {
        _name = name;
        byte[] bits = [.. this["active"].ToInt64s().Select(value => (byte)value)];
        Activity = new Activity((int)this["windows"].ToInt64s()[0]);
        for (int index = 0; index < Activity.Windows * Activity.Frames * Activity.Speakers; index++)
        {
            (int place, int speaker) = Math.DivRem(index, Activity.Speakers);
            if ((bits[index / 8] >> (7 - (index % 8)) & 1) != 0)
            {
                Activity.Range(0, Activity.Windows)[place] |= (byte)(1 << speaker);
            }
        }
    }

    /// <summary>Whether the prototype's arrays are on this machine.</summary>
    public static bool IsHere => Shared.Has("prototypes/segments/known_answer.npz");

    public NpyArray this[string array] => File.Value[$"{_name}.{array}"];

    public SlidingWindow Grid { get; } = new(2 * SlidingWindow.SampleRate);

    public Activity Activity { get; }

    public double Duration => this["duration"].ToDoubles()[0];

    public int Frames => this["count"].Length;

    public static KnownAnswer Load(string name) => new(name);

    /// <summary>The stored pieces with their stored vectors.</summary>
    public PieceVectors Vectors(string prefix)
    {
        var vectors = new PieceVectors(Pieces(prefix + "pieces"), 256);
        this[prefix + "vectors"].ToSingles().CopyTo(vectors[0, vectors.Count]);
        double[] seconds = this[prefix + "seconds"].ToDoubles();
        for (int piece = 0; piece < vectors.Count; piece++)
        {
            vectors.Seconds[piece] = seconds[piece];
            vectors.Voiced[piece] = this[prefix + "voiced"].ToInt64s()[piece] != 0;
        }

        return vectors;
    }

    public Piece[] Pieces(string array) =>
        [.. this[array].ToInt64s().Chunk(2).Select(pair => new Piece((int)pair[0], (int)pair[1]))];

    public int[] Integers(string array) => [.. this[array].ToInt64s().Select(value => (int)value)];

    /// <summary>All that was heard, but for the voices that no window hears alone.</summary>
    public HeardSpeech Heard() => new()
    {
        Grid = Grid,
        Activity = Activity,
        Counts = [.. this["count"].ToInt64s().Select(value => (byte)value)],
        Pieces = Vectors(""),
        FinePieces = Vectors("fine_"),
        LoneVoices = new LoneVoices(),
        Duration = Duration,
    };
}
