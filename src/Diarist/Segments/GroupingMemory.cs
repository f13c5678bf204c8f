using Diarist.Numerics;

namespace Diarist.Segments;

/// <summary>
/// What the grouping of a recording works out of its pieces alone, whatever is known of them: which pieces are long enough to tell a voice, the
/// likeness model, and the joins in blocks of which nothing is known. Each correction and each number of speakers begins with it.
/// </summary>
internal sealed class GroupingMemory
{
    private readonly MergedBlock?[] _blocks;
    private readonly int[] _firstPieces;

    private GroupingMemory(SegmentsParameters parameters, int[] used, PieceLinks links, LikenessModel model)
    {
        (Parameters, Used, Links, Model) = (parameters, used, links, model);
        _firstPieces = [.. used.Where((_, item) => item % parameters.BlockPieces == 0)];
        _blocks = new MergedBlock?[_firstPieces.Length];
    }

    /// <summary>The constants that it was worked out with.</summary>
    public SegmentsParameters Parameters { get; }

    /// <summary>The pieces that take part when nothing is known of any, rising.</summary>
    public int[] Used { get; }

    /// <summary>The links among <see cref="Used"/>.</summary>
    public PieceLinks Links { get; }

    /// <summary>The likeness model of the recording.</summary>
    public LikenessModel Model { get; }

    /// <summary>Works out what does not depend on what is known.</summary>
    public static GroupingMemory Of(PieceVectors vectors, PieceLinks allLinks, SegmentsParameters parameters)
    {
        int[] used = Choose(vectors, parameters, []);
        PieceLinks links = allLinks.Among(used);
        return new GroupingMemory(parameters, used, links, parameters.Likeness.For(vectors, used, links));
    }

    /// <summary>The pieces long enough to tell a voice, and those that are mentioned; all that have one when there are fewer than two.</summary>
    public static int[] Choose(PieceVectors vectors, SegmentsParameters parameters, HashSet<int> mentioned)
    {
        int[] voiced = Arrays.Where(vectors.Count, piece => vectors.Voiced[piece]);
        int[] used = [.. voiced.Where(piece => vectors.Seconds[piece] >= parameters.ShortestVoice || mentioned.Contains(piece))];
        return used.Length < 2 ? voiced : used;
    }

    /// <summary>The block of a piece.</summary>
    public int BlockOf(int piece)
    {
        int block = Array.BinarySearch(_firstPieces, piece);
        return block >= 0 ? block : Math.Max(0, ~block - 1);
    }

    /// <summary>The number of blocks.</summary>
    public int Blocks => _blocks.Length;

    /// <summary>The pieces of a block.</summary>
    public ReadOnlySpan<int> PiecesOf(int block) =>
        Used.AsSpan(block * Parameters.BlockPieces, Math.Min(Parameters.BlockPieces, Used.Length - (block * Parameters.BlockPieces)));

    /// <summary>What was found in a block, with the places of groups in it for their numbers.</summary>
    public MergedBlock? this[int block]
    {
        get => _blocks[block];
        set => _blocks[block] = value;
    }
}

/// <summary>The blocks of one grouping: they begin at the same pieces in every grouping of a recording, so that a correction changes few of them.</summary>
/// <param name="memory">What was found before.</param>
/// <param name="used">The pieces that take part.</param>
/// <param name="isFree">From an item, whether nothing is known of it.</param>
internal sealed class BlockMemory(GroupingMemory memory, int[] used, Func<int, bool> isFree)
{
    /// <summary>The groups of each block.</summary>
    /// <param name="alive">Groups, by the numbers of their first items, rising; items beyond the pieces belong to the last block.</param>
    public List<int>[] Divide(List<int> alive)
    {
        List<int>[] among = Arrays.Make(memory.Blocks, _ => new List<int>());
        foreach (int item in alive)
        {
            among[item < used.Length ? memory.BlockOf(used[item]) : ^1].Add(item);
        }

        return among;
    }

    /// <summary>What was found in a block before, if it is as it was then.</summary>
    public MergedBlock? Find(int block, List<int> among) => memory[block] is { } known && IsFree(block, among)
        ? new MergedBlock([.. known.Joins.Select(join => (among[join.Into], among[join.Group]))], known.Steps)
        : null;

    /// <summary>Keeps what was found in a block of which nothing is known.</summary>
    public void Keep(int block, List<int> among, MergedBlock found)
    {
        if (IsFree(block, among))
        {
            Dictionary<int, int> places = among.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
            memory[block] = found with { Joins = [.. found.Joins.Select(join => (places[join.Into], places[join.Group]))] };
        }
    }

    private bool IsFree(int block, List<int> among)
    {
        ReadOnlySpan<int> pieces = memory.PiecesOf(block);
        if (pieces.Length != among.Count)
        {
            return false;
        }

        for (int place = 0; place < pieces.Length; place++)
        {
            if (among[place] >= used.Length || used[among[place]] != pieces[place] || !isFree(among[place]))
            {
                return false;
            }
        }

        return true;
    }
}
