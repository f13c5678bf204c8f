using System.Globalization;
using System.Text;
using Diarist.Accuracy.Pieces;
using Diarist.Segments;

namespace Diarist.Accuracy.Sets;

/// <summary>Makes the development conversations, listens to them once, and writes the tables of docs/accuracy.md about them.</summary>
internal static class SetReport
{
    private static readonly (string Set, string Name)[] Sets =
    [
        ("d01", "conversations of 1 minute"), ("d03", "3 minutes"), ("o03", "3 minutes, one session a person"), ("d10", "10 minutes"), ("o10", "10 minutes, one session a person"), ("h", "long ones"),
        ("t02", "people who say little, 2 minutes"), ("t05", "people who say little, 5 minutes"), ("t1", "the same, 10 minutes"), ("t2", "the same, 20 minutes"), ("cnv", "dense conversations"), ("tp", "telephone dialogues with backchannels"),
        ("bed", "music or noise at 5 to 20 dB"), ("s020", "20 seconds, one to three people"), ("one", "one person"),
    ];

    private static readonly (string Name, Func<double, bool> Holds)[] Lengths = [("up to 30 s", seconds => seconds <= 30), ("to 2 minutes", seconds => seconds is > 30 and <= 120), ("to 5 minutes", seconds => seconds is > 120 and <= 300), ("longer", seconds => seconds > 300)];

    /// <summary>Does all of it.</summary>
    /// <param name="shared">Audio and packs.</param>
    /// <param name="folder">Where the conversations and what was heard are kept.</param>
    /// <param name="prefixes">Which conversations; all when there is none.</param>
    public static string Run(string shared, string folder, IReadOnlyList<string> prefixes)
    {
        DevelopmentSets.Write(shared, folder, prefixes);
        var text = new StringBuilder();
        foreach (string half in DevelopmentSets.Halves)
        {
            string recordings = Path.Combine(folder, half), cache = Path.Combine(folder, half, "heard");
            RecipeCommands.Listen(shared, recordings, cache, step: null, double.PositiveInfinity, prefixes);
            List<Scored> all = [.. Score(RecipeScores.Load(recordings, cache, prefixes))];
            text.AppendLine(CultureInfo.InvariantCulture, $"| {half} half of the people | recordings | DER (missed, false alarm, confusion) | number right | DER, number given |");
            text.AppendLine("|---|---|---|---|---|");
            Rows(text, all, Sets.Select(set => (set.Name, (Func<Scored, bool>)(one => one.Name.StartsWith(set.Set, StringComparison.Ordinal)))));
            Rows(text, all, Lengths.Select(length => (length.Name, (Func<Scored, bool>)(one => length.Holds(one.Seconds)))));
            Rows(text, all, all.Select(one => one.Speakers).Distinct().Order().Select(number => ($"{number} {(number == 1 ? "person" : "people")}", (Func<Scored, bool>)(one => one.Speakers == number))));
            Rows(text, all, [("telephone", one => one.Telephone), ("wide band", one => !one.Telephone), ("**all**", _ => true)]);
            text.AppendLine();
        }

        return text.ToString();
    }

    private static IEnumerable<Scored> Score(List<(FolderRecording Recording, HeardSpeech Heard)> recordings)
    {
        Dictionary<string, SetPlan> plans = SetPlans.All().ToDictionary(plan => plan.Name, StringComparer.Ordinal);
        foreach ((FolderRecording recording, HeardSpeech heard) in recordings)
        {
            SetScore found = RecipeScores.Score(recording.Name, [(recording, heard)], SegmentsParameters.Default, given: false);
            SetScore given = RecipeScores.Score(recording.Name, [(recording, heard)], SegmentsParameters.Default, given: true);
            yield return new Scored(recording.Name, recording.Speakers, heard.Duration, plans[recording.Name].Telephone, found, given);
        }
    }

    private static void Rows(StringBuilder text, List<Scored> all, IEnumerable<(string Name, Func<Scored, bool> Holds)> rows)
    {
        foreach ((string name, Func<Scored, bool> holds) in rows)
        {
            Scored[] own = [.. all.Where(holds)];
            if (own.Length == 0)
            {
                continue;
            }

            Scoring.DiarizationErrors errors = own.Aggregate(default(Scoring.DiarizationErrors), (sum, one) => sum + one.Found.Errors);
            Scoring.DiarizationErrors given = own.Aggregate(default(Scoring.DiarizationErrors), (sum, one) => sum + one.Given.Errors);
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {own.Length} | {100 * errors.Rate:0.00} ({100 * errors.Share(errors.Missed):0.0}, {100 * errors.Share(errors.FalseAlarm):0.0}, {100 * errors.Share(errors.Confusion):0.0}) | {own.Sum(one => one.Found.Right)} of {own.Length} | {100 * given.Rate:0.00} |"));
        }
    }

    private sealed record Scored(string Name, int Speakers, double Seconds, bool Telephone, SetScore Found, SetScore Given);
}
