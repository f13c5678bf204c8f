using Diarist.Scoring;

namespace Diarist.Accuracy.Identity;

/// <summary>
/// DER with names. Ordinary DER matches speakers as suits the result best; here a name is right for the person of that name alone, and who has no name is
/// right for people who are not enrolled alone. What is missed or a false alarm is the same.
/// </summary>
/// <param name="Errors">Ordinary DER: no collar, overlap counts.</param>
/// <param name="Misnamed">Seconds that are right in it and wrong with names.</param>
/// <param name="Right">Enrolled speakers with their own name.</param>
/// <param name="Nameless">Enrolled speakers without a name.</param>
/// <param name="Wrong">Enrolled speakers with another's name.</param>
/// <param name="FalseNames">Strangers who have a name.</param>
/// <param name="Strangers">All strangers.</param>
internal sealed record NamedScore(DiarizationErrors Errors, double Misnamed, int Right, int Nameless, int Wrong, int FalseNames, int Strangers)
{
    public static NamedScore Of(IReadOnlyList<Turn> truth, IReadOnlySet<string> enrolled, Diarization found)
    {
        IReadOnlyList<Turn> named = found.WithRecognizedNames().Turns;
        DiarizationScore ordinary = DiarizationErrorRate.Compute(truth, found.Turns);
        double right = Correct(truth.Where(turn => !enrolled.Contains(turn.Speaker)), named.Where(turn => !enrolled.Contains(turn.Speaker)));
        right += enrolled.Sum(name => Correct(truth.Where(turn => turn.Speaker == name), named.Where(turn => turn.Speaker == name)));
        string[] present = [.. truth.Select(turn => turn.Speaker).Distinct()];
        Dictionary<string, string> labels = found.Identities.Where(identity => identity.Name is not null).ToDictionary(identity => identity.Label, identity => identity.Name!);
        string? NameOf(string person) => ordinary.Mapping.FirstOrDefault(match => match.Reference == person) is { Hypothesis: { } label } ? labels.GetValueOrDefault(label) : null;
        string[] known = [.. present.Where(enrolled.Contains)], strangers = [.. present.Where(person => !enrolled.Contains(person))];
        return new NamedScore(
            ordinary.Errors,
            ordinary.Errors.Correct - right,
            known.Count(person => NameOf(person) == person),
            known.Count(person => NameOf(person) is null),
            known.Count(person => NameOf(person) is { } name && name != person),
            strangers.Count(person => NameOf(person) is not null),
            strangers.Length);
    }

    public static NamedScore operator +(NamedScore left, NamedScore right) => new(
        left.Errors + right.Errors, left.Misnamed + right.Misnamed, left.Right + right.Right, left.Nameless + right.Nameless, left.Wrong + right.Wrong, left.FalseNames + right.FalseNames, left.Strangers + right.Strangers);

    private static double Correct(IEnumerable<Turn> truth, IEnumerable<Turn> found)
    {
        Turn[] reference = [.. truth];
        return reference.Length == 0 ? 0 : DiarizationErrorRate.Compute(reference, [.. found]).Errors.Correct;
    }
}
