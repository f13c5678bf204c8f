using System.Globalization;
using System.Text;

namespace Diarist.Accuracy;

/// <summary>Makes the tables of docs/accuracy.md.</summary>
internal sealed class AccuracyReport(Evaluation evaluation, DevelopmentAudio audio, string repository)
{
    private static readonly DiarizerOptions Default = new();
    private readonly StringBuilder _text = new();

    public string Write()
    {
        (RecordingSet Set, bool Tuned)[] sets =
        [
            (audio.Ami(), true),
            (DevelopmentAudio.Short("tuning mixtures", audio.Seen, seed: 1), true),
            (DevelopmentAudio.Telephone("tuning telephone", audio.Seen, seed: 1), true),
            (DevelopmentAudio.BrickWall("tuning brick wall", audio.Seen, seed: 1), true),
            (DevelopmentAudio.Rapid("tuning rapid", audio.Seen, seed: 5), true),
            (DevelopmentAudio.Short("unseen mixtures", audio.Unseen, seed: 2), false),
            (DevelopmentAudio.Telephone("unseen telephone", audio.Unseen, seed: 2), false),
            (DevelopmentAudio.BrickWall("unseen brick wall", audio.Unseen, seed: 2), false),
            (DevelopmentAudio.Rapid("unseen rapid", audio.Unseen, seed: 6), false),
            (DevelopmentAudio.Long("unseen long", audio.Unseen, seed: 3), false),
            (DevelopmentAudio.Rooms("unseen rooms", audio.Unseen, seed: 4), false),
            (audio.Rec02(), true),
            (DevelopmentAudio.Sample(repository), true),
        ];
        var heard = new List<(RecordingSet Set, IReadOnlyList<HeardRecording> Heard, bool Tuned)>();
        foreach ((RecordingSet set, bool tuned) in sets)
        {
            heard.Add((set, evaluation.Listen(set), tuned));
            Console.WriteLine(set.Name);
        }

        WriteMain(heard);
        WriteCounts(heard);
        WriteRecipes(heard);
        return _text.ToString();
    }

    private void WriteMain(List<(RecordingSet Set, IReadOnlyList<HeardRecording> Heard, bool Tuned)> sets)
    {
        Line("| set | audio | tuned on | floor 0 / 0.25 | **DER 0** (missed, false alarm, confusion) | DER 0.25 | JER | DER 0, number given |");
        Line("|---|---|---|---|---|---|---|---|");
        foreach ((RecordingSet set, IReadOnlyList<HeardRecording> heard, bool tuned) in sets)
        {
            PooledScore floor = Evaluation.Floor(heard);
            PooledScore score = evaluation.Score(heard, Default);
            PooledScore given = evaluation.Score(heard, Default, giveCount: true);
            Line($"| {set.Name} | {set.Description}; {heard.Sum(h => h.Recording.Seconds) / 60:0.0} min | {(tuned ? "yes" : "no")} | {Percent(floor.Strict.Rate)} / {Percent(floor.Forgiving.Rate)} | **{Percent(score.Strict.Rate)}** ({Percent(score.Strict.Share(score.Strict.Missed))}, {Percent(score.Strict.Share(score.Strict.FalseAlarm))}, {Percent(score.Strict.Share(score.Strict.Confusion))}) | {Percent(score.Forgiving.Rate)} | {Percent(score.Jaccard)} | {Percent(given.Strict.Rate)} |");
        }

        Line($"");
    }

    private void WriteCounts(List<(RecordingSet Set, IReadOnlyList<HeardRecording> Heard, bool Tuned)> sets)
    {
        Line("| set | recordings | count right | mean error | flagged uncertain | wrong when uncertain | wrong when certain |");
        Line("|---|---|---|---|---|---|---|");
        int uncertain = 0, wrongUncertain = 0, wrongCertain = 0, all = 0;
        foreach ((RecordingSet set, IReadOnlyList<HeardRecording> heard, bool tuned) in sets)
        {
            PooledScore score = evaluation.Score(heard, Default);
            int certain = score.Recordings - score.Uncertain;
            Line($"| {set.Name} | {score.Recordings} | {score.RightCounts} | {score.CountBias / (double)score.Recordings:+0.00;−0.00;0} | {score.Uncertain} | {score.WrongWhenUncertain} of {score.Uncertain} | {score.WrongWhenCertain} of {certain} |");
            (uncertain, wrongUncertain, wrongCertain, all) = tuned ? (uncertain, wrongUncertain, wrongCertain, all) : (uncertain + score.Uncertain, wrongUncertain + score.WrongWhenUncertain, wrongCertain + score.WrongWhenCertain, all + score.Recordings);
        }

        Line($"| all that nothing was tuned on | {all} | {all - wrongUncertain - wrongCertain} | | {uncertain} | {wrongUncertain} of {uncertain} ({Percent(wrongUncertain / (double)uncertain)} %) | {wrongCertain} of {all - uncertain} ({Percent(wrongCertain / (double)(all - uncertain))} %) |");
        Line($"");
    }

    private void WriteRecipes(List<(RecordingSet Set, IReadOnlyList<HeardRecording> Heard, bool Tuned)> sets)
    {
        Recipe[] recipes = [Recipe.Community1, Recipe.Ahc];
        Line($"| DER 0 by recipe, same networks | {string.Join(" | ", recipes.Select(recipe => recipe.Name))} |");
        Line($"|---|{string.Concat(recipes.Select(_ => "---|"))}");
        foreach ((RecordingSet set, IReadOnlyList<HeardRecording> heard, _) in sets)
        {
            Line($"| {set.Name} | {string.Join(" | ", recipes.Select(recipe => Percent(evaluation.Score(heard, new DiarizerOptions { Recipe = recipe }).Strict.Rate)))} |");
        }
    }

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    private void Line(FormattableString text) => _text.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private void Line(string text) => _text.Append(text).Append('\n');
}
