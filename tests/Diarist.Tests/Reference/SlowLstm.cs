namespace Diarist.Tests.Reference;

/// <summary>The textbook LSTM, one sequence, in double.</summary>
internal static class SlowLstm
{
    /// <summary>Runs a sequence from a zero state.</summary>
    /// <param name="input">(steps, inputs).</param>
    /// <param name="backward">Whether time runs from the last step to the first.</param>
    /// <param name="gates">Where the blocks i, o, f, g are in the weights.</param>
    /// <param name="w">(4·hidden, inputs).</param>
    /// <param name="r">(4·hidden, hidden).</param>
    /// <param name="bias">The sum of both biases.</param>
    /// <returns>(steps, hidden).</returns>
    public static double[][] Run(double[][] input, bool backward, int[] gates, double[][] w, double[][] r, double[] bias)
    {
        int hidden = r[0].Length;
        double[] h = new double[hidden], c = new double[hidden];
        double[][] output = new double[input.Length][];
        for (int i = 0; i < input.Length; i++)
        {
            int step = backward ? input.Length - 1 - i : i;
            double[] sums = new double[4 * hidden];
            for (int row = 0; row < sums.Length; row++)
            {
                sums[row] = bias[row] + Dot(w[row], input[step]) + Dot(r[row], h);
            }

            h = new double[hidden];
            for (int unit = 0; unit < hidden; unit++)
            {
                double Gate(int k) => sums[(gates[k] * hidden) + unit];
                c[unit] = (Sigmoid(Gate(2)) * c[unit]) + (Sigmoid(Gate(0)) * Math.Tanh(Gate(3)));
                h[unit] = Sigmoid(Gate(1)) * Math.Tanh(c[unit]);
            }

            output[step] = h;
        }

        return output;
    }

    /// <summary>1 / (1 + e^−x).</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>The inner product.</summary>
    public static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < b.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
