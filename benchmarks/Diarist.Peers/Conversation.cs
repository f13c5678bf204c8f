using Diarist.Audio;
using Diarist.Formats;

namespace Diarist.Peers;

/// <summary>
/// Speech of any length in which four voices take turns: pieces of 1.5 to 8 s cut from one utterance of each, in a
/// seeded order, with pauses of up to 0.6 s and now and then an overlap of up to 0.3 s.
/// </summary>
/// <param name="folder">A folder of FLAC files at 16 kHz, one voice each.</param>
internal sealed class Conversation(string folder)
{
    /// <summary>The number of voices.</summary>
    public const int Voices = 4;

    private const int SampleRate = 16_000;
    private const double LongestTurn = 8;

    /// <summary>Writes the first minutes of the conversation as 16-bit WAV, and who speaks when as RTTM.</summary>
    public void Write(string path, string truth, int minutes)
    {
        Random random = new(5);
        float[][] voices = ChooseVoices(random);
        float[] samples = new float[minutes * 60 * SampleRate];
        List<Turn> turns = [];
        int voice = 0;
        for (double position = 0; position < samples.Length; position += Seconds(random, -0.3, 0.6))
        {
            voice = (voice + random.Next(1, Voices)) % Voices;
            int length = (int)Seconds(random, 1.5, LongestTurn);
            int from = random.Next(0, voices[voice].Length - length);
            int start = Math.Max(0, (int)position);
            turns.Add(new Turn(new TimeRange(start / (double)SampleRate, Math.Min(start + length, samples.Length) / (double)SampleRate), $"voice{voice}"));
            for (int i = 0; i < length && start + i < samples.Length; i++)
            {
                samples[start + i] += voices[voice][from + i];
            }

            position += length;
        }

        using WavWriter writer = new(path, SampleRate);
        writer.Write(samples);
        writer.Complete();
        using var labels = new StreamWriter(truth);
        Rttm.Write(labels, "conversation", turns);
    }

    private static double Seconds(Random random, double from, double to) => SampleRate * (from + (random.NextDouble() * (to - from)));

    private float[][] ChooseVoices(Random random)
    {
        string[] files = Directory.GetFiles(folder, "*.flac");
        Array.Sort(files, StringComparer.Ordinal);
        random.Shuffle(files);
        return [.. files.Select(AudioReader.ReadMono).Where(samples => samples.Length > LongestTurn * SampleRate).Take(Voices)];
    }
}
