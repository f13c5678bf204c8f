namespace Diarist.Tests.Reference;

/// <summary>The 8-bit convolution as its formula reads, over (channels, height, width).</summary>
internal static class Int8ConvolutionReference
{
    /// <summary>y = clip(⌊0.5 + (Σ w·x + 128·bias)·2^shift / 128⌋) with zeros beyond the border.</summary>
    public static int[,,] Convolve(int[,,] x, Func<int, int, int, int, int> weight, Func<int, int> bias, int outputs, int kernel, int shift, bool relu)
    {
        (int inputs, int height, int width) = (x.GetLength(0), x.GetLength(1), x.GetLength(2));
        var y = new int[outputs, height, width];
        for (int output = 0; output < outputs; output++)
        {
            for (int row = 0; row < height; row++)
            {
                for (int column = 0; column < width; column++)
                {
                    long sum = 128 * bias(output);
                    for (int input = 0; input < inputs; input++)
                    {
                        for (int down = 0; down < kernel; down++)
                        {
                            for (int right = 0; right < kernel; right++)
                            {
                                (int sourceRow, int sourceColumn) = (row + down - (kernel / 2), column + right - (kernel / 2));
                                if (sourceRow >= 0 && sourceRow < height && sourceColumn >= 0 && sourceColumn < width)
                                {
                                    sum += weight(output, input, down, right) * x[input, sourceRow, sourceColumn];
                                }
                            }
                        }
                    }

                    y[output, row, column] = (int)Math.Clamp(Math.Floor(0.5 + (sum * Math.Pow(2, shift) / 128)), relu ? 0 : -128, 127);
                }
            }
        }

        return y;
    }
}
