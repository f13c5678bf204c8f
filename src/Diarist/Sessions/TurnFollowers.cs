using Diarist.Segments;

namespace Diarist.Sessions;

/// <summary>
/// What goes with a turn that was given to another speaker: stretches of the speaker who had it whose voices are clearly more like the speaker
/// who gets it than like the rest of their own. Both sides are compared anew after each round, so that what follows can take more along.
/// </summary>
internal sealed class TurnFollowers
{
    private const int MostRounds = 4;

    // How much more like the new speaker a stretch must be: a short one, or one compared with little, may be so by chance.
    private const double Clearly = 0.1;
    private const double ByChance = 0.1;

    // A pause between two pieces of a speaker that ends a stretch, in frames: half a second.
    private const int LongestPause = 30;

    private readonly PieceVectors _pieces;
    private readonly PieceGroups _groups;
    private readonly Dictionary<int, List<Stretch>> _stretches = [];

    private sealed record Stretch(int[] Pieces, SpeakerGroup Voice);

    /// <summary>Divides the speech of each group into stretches.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="groups">The groups as they are.</param>
    /// <param name="said">Pieces of turns that were corrected: they do not follow.</param>
    public TurnFollowers(HeardSpeech heard, PieceGroups groups, IReadOnlySet<int> said)
    {
        (_pieces, _groups) = (heard.Pieces, groups);
        int last = -1;
        var run = new List<int>();
        for (int item = 0; item <= groups.Used.Length; item++)
        {
            int piece = item < groups.Used.Length ? groups.Used[item] : -1;
            bool goesOn = item < groups.Used.Length && run.Count > 0 && groups.Labels[item] == last && piece == run[^1] + 1
                && _pieces.Pieces[piece].Start - _pieces.Pieces[run[^1]].End <= LongestPause && !said.Contains(piece);
            if (!goesOn && run.Count > 0)
            {
                if (!_stretches.TryGetValue(last, out List<Stretch>? own))
                {
                    _stretches.Add(last, own = []);
                }

                own.Add(new Stretch([.. run], Sum(run)!));
                run.Clear();
            }

            if (item < groups.Used.Length && !said.Contains(piece))
            {
                last = groups.Labels[item];
                run.Add(piece);
            }
        }
    }

    /// <summary>What a group says, in stretches; without the turns that were corrected.</summary>
    public IReadOnlyList<(int[] Pieces, SpeakerGroup Voice)> StretchesOf(int group) => [.. _stretches.GetValueOrDefault(group, []).Select(stretch => (stretch.Pieces, stretch.Voice))];

    /// <summary>The pieces that go along.</summary>
    /// <param name="turn">The pieces of the turn.</param>
    /// <param name="from">The group of the speaker who has it.</param>
    /// <param name="to">The group of the speaker who gets it; −1 for a new one.</param>
    /// <returns>Their numbers, rising; without those of the turn.</returns>
    public int[] Find(IReadOnlyCollection<int> turn, int from, int to)
    {
        if (from < 0 || from == to || Sum(turn) is not { } voice)
        {
            return [];
        }

        HashSet<int> own = [.. turn];
        SpeakerGroup evidence = to < 0 ? voice : _groups.Groups[to].Copy();
        if (to >= 0)
        {
            evidence.Add(voice);
        }

        int[] inside = [.. turn.Where(piece => Array.BinarySearch(_groups.Used, piece) is >= 0 and var item && _groups.Labels[item] == from)];
        SpeakerGroup rest = Sum(inside) is { } part ? _groups.Groups[from].Without(part) : _groups.Groups[from].Copy();
        Stretch[] candidates = [.. _stretches.GetValueOrDefault(from, []).Where(stretch => !Array.Exists(stretch.Pieces, own.Contains))];
        var moved = new bool[candidates.Length];
        for (int round = 0; round < MostRounds; round++)
        {
            bool[] next = [.. candidates.Select((stretch, index) => Goes(stretch, moved[index], evidence, rest))];
            for (int index = 0; index < candidates.Length; index++)
            {
                if (next[index] != moved[index])
                {
                    (SpeakerGroup loser, SpeakerGroup winner) = next[index] ? (rest, evidence) : (evidence, rest);
                    winner.Add(candidates[index].Voice);
                    SpeakerGroup less = loser.Without(candidates[index].Voice);
                    (rest, evidence) = next[index] ? (less, evidence) : (rest, less);
                }
            }

            if (next.AsSpan().SequenceEqual(moved))
            {
                break;
            }

            moved = next;
        }

        return [.. candidates.Where((_, index) => moved[index]).SelectMany(stretch => stretch.Pieces).Order()];
    }

    private bool Goes(Stretch stretch, bool moved, SpeakerGroup evidence, SpeakerGroup rest)
    {
        SpeakerGroup others = moved ? rest : rest.Without(stretch.Voice), here = moved ? evidence.Without(stretch.Voice) : evidence;
        if (others.Weight < 1e-9)
        {
            return false;
        }

        double more = here.Likeness(stretch.Voice, _groups.Model) - others.Likeness(stretch.Voice, _groups.Model);
        return more > Clearly + (ByChance * (Spread(stretch.Voice.Seconds) + Spread(here.Seconds)));
    }

    // The likeness of short speech varies more: as one over the root of its seconds.
    private static double Spread(double seconds) => 1 / Math.Sqrt(Math.Max(seconds, 0.5));

    private SpeakerGroup? Sum(IEnumerable<int> pieces)
    {
        SpeakerGroup? sum = null;
        foreach (int piece in pieces)
        {
            var one = SpeakerGroup.Of(_pieces.Vector(piece), _pieces.Seconds[piece], _groups.Model);
            if (sum is null)
            {
                sum = one;
            }
            else
            {
                sum.Add(one);
            }
        }

        return sum;
    }
}
