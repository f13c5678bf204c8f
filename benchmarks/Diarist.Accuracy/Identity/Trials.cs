using Diarist.Identity;
using Diarist.Segments;

namespace Diarist.Accuracy.Identity;

/// <summary>A stretch of one person's speech, summed up.</summary>
/// <param name="Person">Who.</param>
/// <param name="Length">The seconds that were wanted; it has at most one piece more.</param>
/// <param name="Channel">Wide band or telephone, as it was made.</param>
/// <param name="Group">The sums.</param>
internal sealed record Stretch(string Person, int Length, VoiceChannel Channel, SpeakerGroup Group);

/// <summary>A comparison.</summary>
/// <param name="Same">Whether both are one person.</param>
/// <param name="Enrolled">The enrolled stretch.</param>
/// <param name="Found">The stretch that was found.</param>
/// <param name="Likeness">How alike they are.</param>
internal readonly record struct Trial(bool Same, Stretch Enrolled, Stretch Found, double Likeness)
{
    public VoiceComparison Compare() => VoiceCalibration.Of(Enrolled.Channel, Found.Channel).Compare(Likeness, Found.Group.Seconds, Enrolled.Group.Seconds);
}

/// <summary>Enrolled and found speech of some people: never of the same session for one person.</summary>
internal sealed class TrialSet
{
    public static readonly int[] EnrolledLengths = [5, 15, 60], FoundLengths = [2, 5, 15];

    /// <summary>Stretches of one person and length that are looked for: more would say the same again.</summary>
    private const int MostFound = 6;

    private TrialSet(IReadOnlyList<Stretch> enrolled, IReadOnlyList<Stretch> found) => (Enrolled, Found) = (enrolled, found);

    public IReadOnlyList<Stretch> Enrolled { get; }

    public IReadOnlyList<Stretch> Found { get; }

    public int People => Enrolled.Concat(Found).Select(stretch => stretch.Person).Distinct().Count();

    /// <summary>The people of one half: every second one by name, so that both halves have all sources.</summary>
    public static TrialSet Of(IReadOnlyList<HeardTake> takes, int half)
    {
        string[] people = [.. takes.Select(take => take.Take.Person).Distinct().Order(StringComparer.Ordinal)];
        var enrolled = new List<Stretch>();
        var found = new List<Stretch>();
        foreach (string person in people.Where((_, index) => index % 2 == half))
        {
            foreach (VoiceChannel channel in (VoiceChannel[])[VoiceChannel.WideBand, VoiceChannel.Telephone])
            {
                HeardTake[] own = [.. takes.Where(take => take.Take.Person == person && take.Telephone == (channel == VoiceChannel.Telephone))];
                string[] sessions = [.. own.Select(take => take.Take.Session).Distinct()];
                bool one = sessions.Length == 1;
                HeardTake[] first = [.. own.Where(take => one || Array.IndexOf(sessions, take.Take.Session) % 2 == 0)];
                HeardTake[] second = [.. own.Where(take => one || Array.IndexOf(sessions, take.Take.Session) % 2 == 1)];
                foreach (int length in EnrolledLengths)
                {
                    enrolled.AddRange(Cut(person, channel, first, length).Take(1));
                }

                foreach (int length in FoundLengths)
                {
                    found.AddRange(Cut(person, channel, second, length).Take(MostFound));
                }
            }
        }

        HashSet<string> single = [.. takes.GroupBy(take => take.Take.Person).Where(group => group.Select(take => take.Take.Session).Distinct().Count() == 1).Select(group => group.Key)];
        return new TrialSet(enrolled, found) { _single = single };
    }

    private HashSet<string> _single = [];

    /// <summary>All comparisons; those of one person only across sessions.</summary>
    public IEnumerable<Trial> Trials() =>
        from left in Enrolled
        from right in Found
        let same = left.Person == right.Person
        where !same || !_single.Contains(left.Person)
        select new Trial(same, left, right, left.Group.Likeness(right.Group, LikenessModel.Default));

    private static IEnumerable<Stretch> Cut(string person, VoiceChannel channel, IReadOnlyList<HeardTake> takes, int length)
    {
        SpeakerGroup? sum = null;
        foreach (HeardTake take in takes)
        {
            PieceVectors pieces = take.Pieces;
            for (int piece = 0; piece < pieces.Count; piece++)
            {
                if (!pieces.Voiced[piece] || pieces.Seconds[piece] < SegmentsParameters.Default.ShortestVoice)
                {
                    continue;
                }

                var one = SpeakerGroup.Of(pieces[piece], pieces.Seconds[piece], LikenessModel.Default);
                if (sum is null)
                {
                    sum = one;
                }
                else
                {
                    sum.Add(one);
                }

                if (sum.Seconds >= length)
                {
                    yield return new Stretch(person, length, channel, sum);
                    sum = null;
                }
            }
        }
    }
}
