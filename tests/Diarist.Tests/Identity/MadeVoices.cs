using Diarist.Identity;
using Diarist.Segments;

namespace Diarist.Tests.Identity;

/// <summary>Voices of made-up people, each a direction with the noise that speech of its length has.</summary>
internal static class MadeVoices
{
    public const string Embedder = "made-up/0";

    /// <summary>So many seconds of a person, in pieces of 1.5 s.</summary>
    public static SpeakerGroup Speech(Random random, int person, double seconds)
    {
        SpeakerGroup? sum = null;
        for (double left = seconds; left > 0.1; left -= 1.5)
        {
            double length = Math.Min(left, 1.5);
            double voice = LikenessModel.Default.Expected(length);
            double[] noise = [.. Enumerable.Range(0, 256).Select(_ => random.NextDouble() - 0.5)];
            double norm = Math.Sqrt(noise.Sum(value => value * value));
            float[] vector = [.. noise.Select(value => (float)(value / norm * Math.Sqrt(1 - (voice * voice))))];
            vector[person] += (float)voice;
            double size = Math.Sqrt(vector.Sum(value => (double)value * value));
            var one = SpeakerGroup.Of(vector.Select(value => (float)(value / size)).ToArray(), length, LikenessModel.Default);
            if (sum is null)
            {
                sum = one;
            }
            else
            {
                sum.Add(one);
            }
        }

        return sum!;
    }

    public static VoiceProfile Profile(Random random, string name, int person, double seconds = 15) =>
        new(Guid.NewGuid(), name, Embedder, [new VoiceExemplar(Speech(random, person, seconds), VoiceChannel.WideBand)]);

    public static SpeakerVoices Speakers(params (string Label, SpeakerGroup Speech)[] speakers) =>
        new([.. speakers.Select(speaker => new SpeakerVoice(speaker.Label, speaker.Speech, VoiceChannel.WideBand))], Embedder);
}
