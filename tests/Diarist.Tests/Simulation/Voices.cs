using Diarist.Simulation;

namespace Diarist.Tests.Simulation;

/// <summary>People who speak in bursts of noise with true silence between them, so that truth can be read off the samples.</summary>
internal static class Voices
{
    public static List<SourceUtterance> Of(int speakers, int utterances = 2, int bursts = 6, string text = "") =>
        [.. Enumerable.Range(0, speakers).SelectMany(speaker => Enumerable.Range(0, utterances).Select(utterance => Utterance($"s{speaker}", $"s{speaker}-{utterance}", bursts, text)))];

    public static SourceUtterance Utterance(string speaker, string id, int bursts, string text = "")
    {
        var random = new Random(id.Aggregate(17, (hash, c) => (hash * 31) + c));
        var regions = new List<TimeRange>();
        double time = 0.35;
        for (int i = 0; i < bursts; i++)
        {
            double length = random.Next(50, 350) / 100.0;
            regions.Add(new TimeRange(time, time + length));
            time += length + (random.Next(30, 90) / 100.0);
        }

        return new SourceUtterance(id, speaker, text, Load, regions);

        float[] Load()
        {
            var samples = new float[(int)(time * 16000)];
            foreach (TimeRange region in regions)
            {
                for (int i = (int)Math.Round(region.Start * 16000); i < (int)Math.Round(region.End * 16000); i++)
                {
                    samples[i] = (random.NextSingle() < 0.5f ? -1 : 1) * (0.05f + (0.05f * random.NextSingle()));
                }
            }

            return samples;
        }
    }
}
