using System.Buffers.Binary;

namespace Diarist.Tests.Support;

/// <summary>Audio for tests of networks and front ends.</summary>
internal static class Speech
{
    /// <summary>The 30 s of telephone speech of rec02, read here so that no decoder is under test; skips when it is not there.</summary>
    public static float[] Telephone()
    {
        byte[] bytes = File.ReadAllBytes(Shared.Require("parity/rec02/audio.wav"));
        ReadOnlySpan<byte> data = bytes.AsSpan(bytes.AsSpan().IndexOf("data"u8) + 8);
        var samples = new float[data.Length / 2];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(data[(2 * i)..]) / 32768f;
        }

        return samples;
    }

    /// <summary>A made-up voice: a gliding buzz in a few resonances with pauses and faint noise, on every machine the same.</summary>
    public static float[] Synthetic(int samples, int seed)
    {
        var random = new Random(seed);
        double pitch = 90 + (random.NextDouble() * 140);
        double first = 0;
        double second = 0;
        double phase = 0;
        var output = new float[samples];
        double resonance = 500 + (1500 * random.NextDouble());
        for (int i = 0; i < samples; i++)
        {
            double time = i / 16000.0;
            phase += pitch * (1 + (0.2 * Math.Sin(2.1 * time))) / 16000;
            double source = (phase % 1) - 0.5 + (0.1 * (random.NextDouble() - 0.5));
            double speaking = Math.Max(0, Math.Sin((3 * time) + seed) + 0.6);
            double angle = 2 * Math.PI * (resonance + (300 * Math.Sin(1.7 * time))) / 16000;
            double value = source + (1.8 * Math.Cos(angle) * first) - (0.81 * second);
            (second, first) = (first, value);
            output[i] = (float)((0.03 * speaking * value) + (0.0005 * (random.NextDouble() - 0.5)));
        }

        return output;
    }
}
