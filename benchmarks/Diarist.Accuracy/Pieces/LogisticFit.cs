namespace Diarist.Accuracy.Pieces;

/// <summary>A logistic regression, by Newton's method on the penalized likelihood; the first term is the constant and has no penalty.</summary>
internal sealed class LogisticFit(double[] coefficients)
{
    private const int Rounds = 30;
    private const double Ridge = 1e-3;

    public IReadOnlyList<double> Coefficients => coefficients;

    /// <summary>Fits the probability of what is true.</summary>
    public static LogisticFit Of(IReadOnlyList<(double[] Terms, bool True)> cases)
    {
        int count = cases[0].Terms.Length;
        double[] beta = new double[count];
        for (int round = 0; round < Rounds; round++)
        {
            double[] gradient = new double[count];
            double[,] curvature = new double[count, count];
            for (int i = 1; i < count; i++)
            {
                (gradient[i], curvature[i, i]) = (-Ridge * cases.Count * beta[i] / 100, Ridge * cases.Count / 100);
            }

            var fit = new LogisticFit(beta);
            foreach ((double[] terms, bool isTrue) in cases)
            {
                double probability = fit.Probability(terms);
                double weight = probability * (1 - probability);
                for (int i = 0; i < count; i++)
                {
                    gradient[i] += terms[i] * ((isTrue ? 1 : 0) - probability);
                    for (int j = 0; j < count; j++)
                    {
                        curvature[i, j] += terms[i] * terms[j] * weight;
                    }
                }
            }

            double[] step = LinearSystem.Solve(curvature, gradient);
            for (int i = 0; i < count; i++)
            {
                beta[i] += Math.Clamp(step[i], -5, 5);
            }
        }

        return new LogisticFit(beta);
    }

    public double Probability(double[] terms)
    {
        double sum = 0;
        for (int i = 0; i < coefficients.Length; i++)
        {
            sum += coefficients[i] * terms[i];
        }

        return 1 / (1 + Math.Exp(-sum));
    }
}
