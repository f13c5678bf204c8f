namespace Diarist.Attribution;

/// <summary>
/// The probability that the one who holds most of a word said it: a logistic regression on the word's signs, fitted to words of the development
/// recordings for tuning and judged on those of other speakers (docs/accuracy.md, "How certain the speaker of a word is").
/// </summary>
internal static class WordConfidence
{
    // In the order of Terms; benchmarks/Diarist.Accuracy prints them: words . SETS CACHE.
    private static readonly double[] FromTurns = [1.977, 0.790, 0.698, -0.665, 1.368, 0.261];
    private static readonly double[] FromTurnsAndEvidence = [0.998, 0.337, 0.823, -0.461, 1.280, -0.090, 1.384, 3.130, -3.404];

    /// <summary>The values that the regression weighs, the constant first.</summary>
    /// <param name="signs">What the turns say.</param>
    /// <param name="evidence">What was heard at the time of the word; <see langword="null"/> where turns are all there is.</param>
    public static double[] Terms(WordSigns signs, (double Rival, double Margin)? evidence)
    {
        double[] turns = [1, signs.Agreement, signs.Rival, signs.Around, Math.Log(signs.Nearest + 0.1), Math.Log(signs.Length + 0.3)];
        return evidence is { } heard ? [.. turns, heard.Rival, heard.Margin, heard.Rival * heard.Margin] : turns;
    }

    /// <summary>The probability, 0 to 1.</summary>
    /// <param name="signs">What the turns say.</param>
    /// <param name="evidence">What was heard at the time of the word; <see langword="null"/> where turns are all there is.</param>
    public static double Of(WordSigns signs, (double Rival, double Margin)? evidence)
    {
        double[] terms = Terms(signs, evidence);
        double[] weights = evidence is null ? FromTurns : FromTurnsAndEvidence;
        double sum = 0;
        for (int i = 0; i < terms.Length; i++)
        {
            sum += weights[i] * terms[i];
        }

        return 1 / (1 + Math.Exp(-sum));
    }
}
