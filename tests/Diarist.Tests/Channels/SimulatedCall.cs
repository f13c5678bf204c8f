using Diarist.Audio;
using Diarist.Formats;
using Diarist.Tests.Support;
using Diarist.Transcripts;

namespace Diarist.Tests.Channels;

/// <summary>
/// A call with known truth, made of the sample's turns: sides take turns with pauses and overlaps, and each side leaks into
/// the other's channel.
/// </summary>
internal sealed class SimulatedCall
{
    private const int Rate = MonoStream.SampleRate;
    private const double WordSeconds = 0.3;

    private SimulatedCall(float[][] channels, IReadOnlyList<Word> words, IReadOnlyList<int> sides) => (Channels, Words, Sides) = (channels, words, sides);

    /// <summary>Samples of the left and the right channel, 16 kHz.</summary>
    public float[][] Channels { get; }

    /// <summary>What is audible, in pieces of 0.3 s, in order of time.</summary>
    public IReadOnlyList<Word> Words { get; }

    /// <summary>The side that says each of them, 0 or 1.</summary>
    public IReadOnlyList<int> Sides { get; }

    /// <summary>Whether the other side says something at the same time as a word.</summary>
    public bool IsOverlapped(int word) =>
        Enumerable.Range(0, Words.Count).Any(other => Sides[other] != Sides[word] && Words[other].Range!.Value.Overlap(Words[word].Range!.Value) > 0);

    /// <summary>Makes the call.</summary>
    /// <param name="left">The sample's speakers on the left.</param>
    /// <param name="right">Those on the right.</param>
    /// <param name="leak">How loud each side is in the other's channel, in dB.</param>
    /// <param name="rightLevel">How much louder the right side is, in dB.</param>
    /// <param name="delay">Seconds by which leaks come late.</param>
    public static SimulatedCall Create(string[] left, string[] right, double leak, double rightLevel = 0, double delay = 0)
    {
        float[] sample = AudioReader.ReadMono(Shared.InRepository("samples/conversation.flac"));
        string truth = Shared.InRepository("samples/conversation.rttm");
        using var reader = new StreamReader(truth);
        IReadOnlyList<Turn> turns = Rttm.Read(reader, truth)[0].Turns;
        Turn[][] sides = [.. new[] { left, right }.Select(names => turns
            .Where(turn => names.Contains(turn.Speaker) && turn.Duration > 0.5 && !turns.Any(other => other != turn && other.Range.Overlap(turn.Range) > 0))
            .ToArray())];

        // Four times through what there is, in alternation; 0.4 s of overlap at every third change.
        var own = new[] { new float[180 * Rate], new float[180 * Rate] };
        var said = new List<(Word Word, int Side)>();
        double[] gaps = [0.5, 0.2, -0.4];
        double time = 0.5;
        int rounds = 4 * Math.Max(sides[0].Length, sides[1].Length);
        for (int i = 0; i < rounds; i++)
        {
            int side = i % 2;
            Turn turn = sides[side][i / 2 % sides[side].Length];
            ReadOnlySpan<float> voice = sample.AsSpan((int)(turn.Start * Rate), (int)(turn.Duration * Rate));
            Add(voice, own[side], time, side == 1 ? rightLevel : 0);
            AddWords(said, voice, time, side);
            time += turn.Duration + gaps[i % 3];
        }

        int length = (int)((time + 1) * Rate);
        var random = new Random(1);
        float gain = Gain(leak);
        int late = (int)(delay * Rate);
        float[][] channels = [.. Enumerable.Range(0, 2).Select(side => Enumerable.Range(0, length)
            .Select(i => own[side][i] + (i >= late ? gain * own[1 - side][i - late] : 0) + (0.001f * ((float)random.NextDouble() - 0.5f))).ToArray())];
        (Word Word, int Side)[] ordered = [.. said.OrderBy(word => word.Word.Range)];
        return new SimulatedCall(channels, [.. ordered.Select(word => word.Word)], [.. ordered.Select(word => word.Side)]);
    }

    /// <summary>The call as a stereo WAV file of 16-bit samples.</summary>
    public byte[] ToWav()
    {
        var data = new byte[Channels[0].Length * 4];
        for (int i = 0; i < Channels[0].Length; i++)
        {
            for (int side = 0; side < 2; side++)
            {
                BitConverter.TryWriteBytes(data.AsSpan((4 * i) + (2 * side)), (short)Math.Clamp(Channels[side][i] * 32768, short.MinValue, short.MaxValue));
            }
        }

        return Audio.WavBytes.Plain(1, 2, Rate, 16, data);
    }

    private static float Gain(double decibels) => (float)Math.Pow(10, decibels / 20);

    private static void Add(ReadOnlySpan<float> voice, float[] channel, double time, double level)
    {
        int start = (int)(time * Rate);
        for (int i = 0; i < voice.Length; i++)
        {
            channel[start + i] += Gain(level) * voice[i];
        }
    }

    private static void AddWords(List<(Word Word, int Side)> said, ReadOnlySpan<float> voice, double time, int side)
    {
        int length = (int)(WordSeconds * Rate);
        for (int start = 0; start + length <= voice.Length; start += length)
        {
            double power = 0;
            foreach (float sample in voice.Slice(start, length))
            {
                power += sample * (double)sample / length;
            }

            // Pauses hold no word.
            if (power > 1e-4)
            {
                double from = time + (start / (double)Rate);
                said.Add((new Word($"word{said.Count}", new TimeRange(from, from + WordSeconds)), side));
            }
        }
    }
}
