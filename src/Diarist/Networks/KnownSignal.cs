namespace Diarist.Networks;

/// <summary>Inputs that are the same on every machine and need no recording: what networks are proved on (docs/packs.md).</summary>
internal static class KnownSignal
{
    // Formants of five vowels in Hz (after Peterson and Barney, 1952).
    private static readonly double[][] Vowels = [[730, 1090, 2440], [270, 2290, 3010], [300, 870, 2240], [530, 1840, 2480], [570, 840, 2410]];

    /// <summary>Numbers in [−0.5, 0.5) by a linear congruence.</summary>
    public static double[] Numbers(int count)
    {
        var numbers = new double[count];
        uint state = 1;
        foreach (ref double number in numbers.AsSpan())
        {
            number = Next(ref state);
        }

        return numbers;
    }

    /// <summary>Two artificial voices that take turns: pulses and noise through three resonators that glide from vowel to vowel; 16 kHz.</summary>
    public static float[] Speech(int samples)
    {
        var signal = new float[samples];
        Span<(double Last, double Before)> memory = stackalloc (double, double)[3];
        uint random = 1;
        double phase = 0;
        for (int n = 0; n < samples; n++)
        {
            double noise = Next(ref random);
            int turn = n / 20_000 % 4;
            double within = n % 4000 / 4000.0;
            bool silent = turn == 3 || n % 20_000 > 18_000;
            phase += (turn == 1 ? 210 : 115) * (1 + (0.15 * within)) / 16_000;
            double excitation = silent ? 0 : 0.02 * noise;
            if (phase >= 1)
            {
                phase -= 1;
                excitation += silent ? 0 : 1;
            }

            double[] from = Vowels[n / 4000 % 5];
            double[] to = Vowels[((n / 4000) + 1) % 5];
            double sum = 0;
            for (int k = 0; k < memory.Length; k++)
            {
                double frequency = (from[k] + ((to[k] - from[k]) * within)) * (turn == 1 ? 1.17 : 1);
                double radius = Math.Exp(-Math.PI * (60 + (40 * k)) / 16_000);
                double value = excitation + (2 * radius * Math.Cos(2 * Math.PI * frequency / 16_000) * memory[k].Last) - (radius * radius * memory[k].Before);
                memory[k] = (value, memory[k].Last);
                sum += value / (k + 1);
            }

            signal[n] = (float)((0.03 * sum) + (0.0005 * noise));
        }

        return signal;
    }

    private static double Next(ref uint state)
    {
        state = unchecked((state * 1664525) + 1013904223);
        return (state / 4294967296.0) - 0.5;
    }
}
