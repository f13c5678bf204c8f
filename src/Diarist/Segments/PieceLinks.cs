using System.Numerics;
using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>
/// Whether the windows give two pieces to the same of their local speakers: −1 (never) to 1 (always), 0 where no window hears
/// enough of both. Only pieces within one window's length of each other are linked, so the links of a recording are few.
/// </summary>
internal sealed class PieceLinks
{
    /// <summary>Frames of a piece in which a window hears one local speaker, at the least, for the window to judge it.</summary>
    private const int FewestFrames = 8;

    /// <summary>So many windows make a link count in full.</summary>
    private const int FullEvidence = 3;

    private readonly (int Other, double Link)[][] _links;

    private PieceLinks((int Other, double Link)[][] links) => _links = links;

    /// <summary>The number of pieces.</summary>
    public int Count => _links.Length;

    /// <summary>The links of a piece, by the other piece's number, rising; both directions are kept.</summary>
    public ReadOnlySpan<(int Other, double Link)> Of(int piece) => _links[piece];

    /// <summary>No link between any of so many pieces.</summary>
    public static PieceLinks None(int count) => new([.. Enumerable.Repeat<(int, double)[]>([], count)]);

    /// <summary>Links from a symmetric matrix, for arrays from elsewhere; the diagonal is left out.</summary>
    public static PieceLinks From(ReadOnlySpan<double> matrix, int count)
    {
        var links = new (int, double)[count][];
        for (int i = 0; i < count; i++)
        {
            double[] row = matrix.Slice(i * count, count).ToArray();
            links[i] = [.. Enumerable.Range(0, count).Where(j => j != i && row[j] != 0).Select(j => (j, row[j]))];
        }

        return new PieceLinks(links);
    }

    /// <summary>Reads the links off the windows.</summary>
    /// <param name="activity">Who is active in every window.</param>
    /// <param name="grid">Where the windows lie.</param>
    /// <param name="pieces">The pieces, in order.</param>
    /// <param name="frames">The number of output frames.</param>
    public static PieceLinks Find(Activity activity, SlidingWindow grid, IReadOnlyList<Piece> pieces, int frames)
    {
        int[] owners = Piece.Owners(pieces, frames);
        var windows = new (int Piece, int Speaker)[activity.Windows][];
        var heard = new List<(int Piece, int Speaker)>();
        int reach = 0;
        for (int window = 0; window < windows.Length; window++)
        {
            Hear(activity.Window(window), owners.AsSpan(Math.Min(frames, grid.FirstFrame(window))), heard);
            windows[window] = heard.ToArray();
            reach = heard.Count > 1 ? Math.Max(reach, heard[^1].Piece - heard[0].Piece) : reach;
        }

        // For each piece and those behind it within reach: windows that hear both, and those that give both to one local speaker.
        var both = new int[pieces.Count * reach];
        var same = new int[both.Length];
        foreach ((int Piece, int Speaker)[] hears in windows)
        {
            for (int i = 0; i < hears.Length; i++)
            {
                for (int j = i + 1; j < hears.Length; j++)
                {
                    int pair = (hears[i].Piece * reach) + hears[j].Piece - hears[i].Piece - 1;
                    both[pair]++;
                    same[pair] += hears[i].Speaker == hears[j].Speaker ? 1 : 0;
                }
            }
        }

        double Link(int piece, int behind)
        {
            int pair = (piece * reach) + behind - piece - 1;
            return both[pair] == 0 ? 0 : ((2.0 * same[pair] / both[pair]) - 1) * Math.Min(both[pair], FullEvidence) / FullEvidence;
        }

        var links = new (int Other, double Link)[pieces.Count][];
        var own = new List<(int Other, double Link)>();
        for (int piece = 0; piece < links.Length; piece++)
        {
            own.Clear();
            for (int other = Math.Max(0, piece - reach); other <= Math.Min(piece + reach, links.Length - 1); other++)
            {
                double link = other == piece ? 0 : Link(Math.Min(piece, other), Math.Max(piece, other));
                if (link != 0)
                {
                    own.Add((other, link));
                }
            }

            links[piece] = own.ToArray();
        }

        return new PieceLinks(links);
    }

    /// <summary>The links among some of the pieces, renumbered.</summary>
    /// <param name="chosen">Numbers of pieces, rising.</param>
    public PieceLinks Among(IReadOnlyList<int> chosen)
    {
        var place = new int[Count];
        place.AsSpan().Fill(-1);
        for (int index = 0; index < chosen.Count; index++)
        {
            place[chosen[index]] = index;
        }

        var among = new (int Other, double Link)[chosen.Count][];
        var own = new List<(int Other, double Link)>();
        for (int index = 0; index < among.Length; index++)
        {
            own.Clear();
            foreach ((int other, double link) in _links[chosen[index]])
            {
                if (place[other] >= 0)
                {
                    own.Add((place[other], link));
                }
            }

            among[index] = own.ToArray();
        }

        return new PieceLinks(among);
    }

    /// <summary>Which local speaker a window gives each piece to, by the frames in which it hears one alone; the lowest of equals.</summary>
    private static void Hear(ReadOnlySpan<byte> masks, ReadOnlySpan<int> owners, List<(int Piece, int Speaker)> heard)
    {
        heard.Clear();
        Span<int> votes = stackalloc int[8];
        int length = Math.Min(masks.Length, owners.Length);
        for (int frame = 0; frame < length;)
        {
            int piece = owners[frame];
            votes.Clear();
            int total = 0;
            for (; frame < length && owners[frame] == piece; frame++)
            {
                if (piece >= 0 && BitOperations.IsPow2(masks[frame]))
                {
                    votes[BitOperations.TrailingZeroCount(masks[frame])]++;
                    total++;
                }
            }

            if (total >= FewestFrames)
            {
                heard.Add((piece, Highest(votes)));
            }
        }
    }

    private static int Highest(ReadOnlySpan<int> votes)
    {
        int highest = 0;
        for (int speaker = 1; speaker < votes.Length; speaker++)
        {
            highest = votes[speaker] > votes[highest] ? speaker : highest;
        }

        return highest;
    }
}

/// <summary>What the windows say about two groups: sums over the pairs of pieces that they link.</summary>
/// <param name="Weighted">Links times the weights of both pieces: what the likeness uses.</param>
/// <param name="Plain">Links.</param>
/// <param name="Absolute">Links without their sign: how much the windows say at all.</param>
internal readonly record struct LinkSums(double Weighted, double Plain, double Absolute)
{
    /// <summary>−1 where the windows always give the two groups to different local speakers, 1 where never.</summary>
    public double Agreement => Absolute > 0 ? Plain / Absolute : 0;

    public static LinkSums operator +(LinkSums left, LinkSums right) =>
        new(left.Weighted + right.Weighted, left.Plain + right.Plain, left.Absolute + right.Absolute);
}
