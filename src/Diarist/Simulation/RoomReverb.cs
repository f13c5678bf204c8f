using Diarist.Audio;

namespace Diarist.Simulation;

/// <summary>
/// A room as it sounds from one seat: the direct sound, and after 3 ms a tail of velvet noise (single pulses of random
/// sign at random times, Järvinen and Välimäki 2007) that decays by 60 dB in the reverberation time. Sparse pulses
/// sound like dense noise and cost a hundredth of it.
/// </summary>
internal sealed class RoomReverb
{
    private const int PulsesPerSecond = 2000;
    private const int FirstReflection = 3 * MonoStream.SampleRate / 1000;

    private readonly (int Delay, float Gain)[] _pulses;

    /// <summary>Draws a seat.</summary>
    /// <param name="seconds">The reverberation time RT60.</param>
    /// <param name="directToReverberantDb">The energy of the direct sound over that of the tail.</param>
    /// <param name="random">The source of randomness.</param>
    public RoomReverb(double seconds, double directToReverberantDb, SimulationRandom random)
    {
        const int Spacing = MonoStream.SampleRate / PulsesPerSecond;
        int count = (int)(seconds * PulsesPerSecond);
        var pulses = new (int Delay, double Gain)[count];
        for (int i = 0; i < count; i++)
        {
            int delay = FirstReflection + (i * Spacing) + random.Next(Spacing);
            double sign = random.NextDouble() < 0.5 ? -1 : 1;
            pulses[i] = (delay, sign * Math.Pow(10, -3 * delay / (seconds * MonoStream.SampleRate)));
        }

        double scale = Math.Pow(10, -directToReverberantDb / 20) / Math.Sqrt(pulses.Sum(pulse => pulse.Gain * pulse.Gain));
        _pulses = [.. pulses.Select(pulse => (pulse.Delay, (float)(pulse.Gain * scale)))];
    }

    /// <summary>The sound with its tail, which makes it longer.</summary>
    public float[] Apply(ReadOnlySpan<float> dry)
    {
        var wet = new float[dry.Length + (_pulses.Length == 0 ? 0 : _pulses[^1].Delay)];
        dry.CopyTo(wet);
        foreach ((int delay, float gain) in _pulses)
        {
            Span<float> target = wet.AsSpan(delay, dry.Length);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] += gain * dry[i];
            }
        }

        return wet;
    }
}
