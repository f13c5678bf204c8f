namespace Diarist.Simulation;

/// <summary>The noise of a room: random, falling by about 3 dB per octave (Kellet's three-pole filter for pink noise).</summary>
internal static class BackgroundNoise
{
    /// <summary>Adds noise so that speech of the given power (mean square) lies so many dB above it.</summary>
    public static void Add(Span<float> samples, double speechPower, double signalToNoiseDb, SimulationRandom random)
    {
        var noise = new double[samples.Length];
        double b0 = 0, b1 = 0, b2 = 0, energy = 0;
        for (int i = 0; i < noise.Length; i++)
        {
            double white = random.NextNormal();
            b0 = (0.99765 * b0) + (white * 0.0990460);
            b1 = (0.96300 * b1) + (white * 0.2965164);
            b2 = (0.57000 * b2) + (white * 1.0526913);
            noise[i] = b0 + b1 + b2 + (white * 0.1848);
            energy += noise[i] * noise[i];
        }

        double gain = Math.Sqrt(speechPower * Math.Pow(10, -signalToNoiseDb / 10) / (energy / noise.Length));
        for (int i = 0; i < noise.Length; i++)
        {
            samples[i] += (float)(gain * noise[i]);
        }
    }
}
