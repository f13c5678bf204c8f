using Diarist.Identity;
using Diarist.Segments;

namespace Diarist.Accuracy.Identity;

/// <summary>A stretch of one person's speech, summed up.</summary>
/// <param name="Source">The corpus.</param>
/// <param name="Person">Who.</param>
/// <param name="Length">The seconds that were wanted; it has at most one piece more.</param>
/// <param name="Channel">Wide band or telephone, as it was made.</param>
/// <param name="Group">The sums.</param>
internal sealed record Stretch(string Source, string Person, int Length, VoiceChannel Channel, SpeakerGroup Group);

/// <summary>A comparison.</summary>
/// <param name="Same">Whether both are one person.</param>
/// <param name="Enrolled">The enrolled stretch.</param>
/// <param name="Found">The stretch that was found.</param>
/// <param name="Likeness">How alike they are.</param>
internal readonly record struct Trial(bool Same, Stretch Enrolled, Stretch Found, double Likeness)
{
    /// <summary>Whether both were recorded alike, as the people of one conversation are.</summary>
    public bool OneSource => Enrolled.Source == Found.Source;

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

    /// <summary>One half of people: every second one by name, so that both halves have all sources.</summary>
    public static IEnumerable<string> Half(IEnumerable<string> people, int half) => people.Distinct().Order(StringComparer.Ordinal).Where((_, index) => index % 2 == half);

    /// <summary>The people of one half.</summary>
    public static TrialSet Of(IReadOnlyList<HeardTake> takes, int half)
    {
        var enrolled = new List<Stretch>();
        var found = new List<Stretch>();
        foreach (string person in Half(takes.Select(take => take.Take.Person), half))
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
                    enrolled.AddRange(Cut(channel, first, length).Take(1));
                }

                foreach (int length in FoundLengths)
                {
                    found.AddRange(Cut(channel, second, length).Take(MostFound));
                }
            }
        }

        HashSet<string> single = [.. takes.GroupBy(take => take.Take.Person).Where(group => group.Select(take => take.Take.Session).Distinct().Count() == 1).Select(group => group.Key)];
        return new TrialSet(enrolled, found) { _single = single };
    }

    private HashSet<string> _single = [];

    /// <summary>The mean voice of each channel: every person counts once, with the mean of the stretches of 5 s.</summary>
    public VoiceMeans Means() => new(MeanOf(VoiceChannel.WideBand), MeanOf(VoiceChannel.Telephone));

    /// <summary>All comparisons; those of one person only across sessions.</summary>
    public IEnumerable<Trial> Trials(VoiceMeans means) =>
        from left in Enrolled
        from right in Found
        let same = left.Person == right.Person
        where !same || !_single.Contains(left.Person)
        select new Trial(same, left, right, means.Likeness(left.Group, left.Channel, right.Group, right.Channel));

    private double[] MeanOf(VoiceChannel channel)
    {
        double[][][] people = [.. Found.Where(stretch => stretch.Channel == channel && stretch.Length == 5).GroupBy(stretch => stretch.Person)
            .Select(own => own.Select(stretch => stretch.Group.Sum.ToArray().Select(value => value / stretch.Group.Weight).ToArray()).ToArray())];
        return [.. Enumerable.Range(0, people[0][0].Length).Select(axis => people.Average(own => own.Average(stretch => stretch[axis])))];
    }

    private static IEnumerable<Stretch> Cut(VoiceChannel channel, IReadOnlyList<HeardTake> takes, int length)
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

                var one = SpeakerGroup.Of(pieces.Vector(piece), pieces.Seconds[piece], LikenessModel.Default);
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
                    yield return new Stretch(take.Take.Source, take.Take.Person, length, channel, sum);
                    sum = null;
                }
            }
        }
    }
}
