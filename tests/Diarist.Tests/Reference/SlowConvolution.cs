namespace Diarist.Tests.Reference;

/// <summary>The 2-D convolution as its formula reads, over (channels, height, width) in double.</summary>
internal static class SlowConvolution
{
    /// <summary>y[o, r, c] = max(v, slope·v), v = bias[o] + Σ w·x + residual, with zeros beyond the border.</summary>
    /// <param name="x">Shape (inputs, height, width).</param>
    /// <param name="weights">Shape (outputs, inputs, kernel, kernel).</param>
    /// <param name="bias">Shape (outputs).</param>
    /// <param name="kernel">The kernel's width; the border is half of it.</param>
    /// <param name="stride">Positions from one output to the next.</param>
    /// <param name="residual">What is added, of the result's shape, or null.</param>
    /// <param name="slope">The activation's slope for negative values.</param>
    public static double[,,] Convolve(double[,,] x, float[] weights, float[] bias, int kernel, int stride, double[,,]? residual, double slope)
    {
        (int inputs, int height, int width) = (x.GetLength(0), x.GetLength(1), x.GetLength(2));
        var y = new double[bias.Length, (height + stride - 1) / stride, (width + stride - 1) / stride];
        for (int output = 0; output < y.GetLength(0); output++)
        {
            for (int row = 0; row < y.GetLength(1); row++)
            {
                for (int column = 0; column < y.GetLength(2); column++)
                {
                    double sum = bias[output] + (residual?[output, row, column] ?? 0);
                    for (int input = 0; input < inputs; input++)
                    {
                        for (int down = 0; down < kernel; down++)
                        {
                            for (int right = 0; right < kernel; right++)
                            {
                                (int sourceRow, int sourceColumn) = ((row * stride) + down - (kernel / 2), (column * stride) + right - (kernel / 2));
                                if (sourceRow >= 0 && sourceRow < height && sourceColumn >= 0 && sourceColumn < width)
                                {
                                    sum += weights[(((((output * inputs) + input) * kernel) + down) * kernel) + right] * x[input, sourceRow, sourceColumn];
                                }
                            }
                        }
                    }

                    y[output, row, column] = Math.Max(sum, slope * sum);
                }
            }
        }

        return y;
    }
}
