using System.Globalization;
using Diarist.Identity;

namespace Diarist.Accuracy.Identity;

/// <summary>Fits the calibration on one half of the people, and measures it on the other.</summary>
internal static class IdentityCommands
{
    private const double TargetProbability = 0.01;

    /// <summary>Writes the means of <see cref="VoiceMeans"/> and prints the constants of <see cref="VoiceCalibration"/>.</summary>
    public static void Fit(IReadOnlyList<HeardTake> takes, string repository)
    {
        TrialSet set = TrialSet.Of(takes, half: 0);
        VoiceMeans means = set.Means();
        using (FileStream stream = File.Create(Path.Combine(repository, "src/Diarist/Identity/voice-means.json")))
        {
            means.Write(stream);
        }

        Trial[] trials = [.. set.Trials(means)];
        Console.WriteLine(Line($"{set.People} people, {trials.Count(trial => trial.Same)} comparisons of one person, {trials.Count(trial => !trial.Same)} of two"));
        foreach ((string name, Trial[] own) in Pairs(trials))
        {
            Console.WriteLine($"{name}: {CalibrationFit.Describe(CalibrationFit.Fit(own))}");
        }
    }

    /// <summary>The strangers that are most alike: perhaps one person under two ids.</summary>
    public static void Alike(IReadOnlyList<HeardTake> takes)
    {
        foreach (int half in (int[])[0, 1])
        {
            TrialSet set = TrialSet.Of(takes, half);
            Trial[] strangers = [.. set.Trials(VoiceMeans.WeSpeaker).Where(trial => !trial.Same && trial.Enrolled.Length >= 15 && trial.Found.Length >= 5 && trial.Enrolled.Channel == trial.Found.Channel)];
            foreach (var group in strangers.GroupBy(trial => (trial.Enrolled.Channel, string.CompareOrdinal(trial.Enrolled.Person, trial.Found.Person) < 0 ? $"{trial.Enrolled.Person} {trial.Found.Person}" : $"{trial.Found.Person} {trial.Enrolled.Person}"))
                .Select(group => (group.Key, Mean: group.Average(trial => trial.Likeness))).OrderByDescending(pair => pair.Mean).GroupBy(pair => pair.Key.Channel))
            {
                foreach (var (key, mean) in group.Take(30))
                {
                    Console.WriteLine(Line($"{half} {key} {mean:0.00}"));
                }
            }
        }
    }

    /// <summary>Levels above the telephone band, for the border between the channels.</summary>
    public static void Levels(IReadOnlyList<HeardTake> takes)
    {
        foreach (IGrouping<(bool Telephone, string Kind), HeardTake> group in takes.GroupBy(take => (take.Telephone, take.Take.Person.StartsWith("R_", StringComparison.Ordinal) ? "alphanumeric" : take.Take.Person.StartsWith('0') ? "arabic" : take.Take.Person.All(char.IsDigit) ? "librispeech" : "other")))
        {
            double[] levels = [.. group.Select(take => take.LevelAbove).Order()];
            Console.WriteLine(Line($"{group.Key}: least {levels[0]:0.0}, 5 % {levels[levels.Length / 20]:0.0}, median {levels[levels.Length / 2]:0.0}, 95 % {levels[^(1 + (levels.Length / 20))]:0.0}, most {levels[^1]:0.0} dB"));
        }
    }

    /// <summary>The tables of docs/identity.md.</summary>
    public static string Measure(IReadOnlyList<HeardTake> takes, int half)
    {
        TrialSet set = TrialSet.Of(takes, half);
        Trial[] trials = [.. set.Trials(VoiceMeans.WeSpeaker)];
        var text = new System.Text.StringBuilder();
        text.AppendLine(Line($"{set.People} people, {trials.Count(trial => trial.Same)} comparisons of one person, {trials.Count(trial => !trial.Same)} of two.")).AppendLine();
        foreach ((string name, Trial[] own) in Pairs(trials))
        {
            text.AppendLine(Line($"**{name}**")).AppendLine();
            text.AppendLine("| enrolled | found | one person | two people | EER | minDCF | Cllr | false names at 1/100 | missed | false names at 1/1000 | missed |");
            text.AppendLine("|---|---|---|---|---|---|---|---|---|---|---|");
            foreach (int enrolled in TrialSet.EnrolledLengths)
            {
                foreach (int found in TrialSet.FoundLengths)
                {
                    text.AppendLine(Row(Line($"{enrolled} s | {found} s"), [.. own.Where(trial => trial.Enrolled.Length == enrolled && trial.Found.Length == found)]));
                }
            }

            text.AppendLine(Row("all | all", own)).AppendLine();
        }

        return text.ToString();
    }

    private static string Row(string name, Trial[] trials)
    {
        VoiceComparison[] same = [.. trials.Where(trial => trial.Same).Select(trial => trial.Compare())], different = [.. trials.Where(trial => !trial.Same).Select(trial => trial.Compare())];
        if (same.Length == 0 || different.Length == 0)
        {
            return Line($"| {name} | {same.Length} | {different.Length} | – | – | – | – | – | – | – |");
        }

        double[] own = [.. same.Select(one => one.Score)], others = [.. different.Select(one => one.Score)];
        return Line($"| {name} | {same.Length} | {different.Length} | {100 * VoiceMeasures.EqualErrorRate(own, others):0.00} % | {VoiceMeasures.LeastCost(own, others, TargetProbability):0.000} | {VoiceMeasures.Cllr(own, others):0.000} | {At(0.01)} | {At(0.001)} |");

        string At(double rate)
        {
            int wrong = different.Count(one => one.FalseNames <= rate), missed = same.Count(one => one.FalseNames > rate);
            (double least, double most) = VoiceMeasures.Interval(wrong, different.Length);
            return Line($"{100 * wrong / (double)different.Length:0.000} % ({100 * least:0.000}–{100 * most:0.000}) | {100 * missed / (double)same.Length:0.0} %");
        }
    }

    private static IEnumerable<(string Name, Trial[] Trials)> Pairs(Trial[] trials) =>
    [
        ("wide band", [.. trials.Where(trial => trial.Enrolled.Channel == VoiceChannel.WideBand && trial.Found.Channel == VoiceChannel.WideBand)]),
        ("telephone", [.. trials.Where(trial => trial.Enrolled.Channel == VoiceChannel.Telephone && trial.Found.Channel == VoiceChannel.Telephone)]),
        ("across channels", [.. trials.Where(trial => trial.Enrolled.Channel != trial.Found.Channel)]),
    ];

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
