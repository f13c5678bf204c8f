using System.Diagnostics;
using Diarist.Accuracy.Pieces;
using Diarist.Networks.Pyannote;
using Diarist.Networks.WeSpeaker;
using Diarist.Pipeline;
using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Accuracy.Identity;

/// <summary>What was heard of a take, with the level above the telephone band.</summary>
internal sealed record HeardTake(VoiceTake Take, bool Telephone, PieceVectors Pieces, double LevelAbove)
{
    public double Seconds => Enumerable.Range(0, Pieces.Count).Where(piece => Pieces.Voiced[piece]).Sum(piece => Pieces.Seconds[piece]);
}

/// <summary>Listens to every take, as it is and over a telephone, and keeps what was heard.</summary>
internal static class HeardVoices
{
    /// <summary>As it is, and over a telephone.</summary>
    private static readonly bool[] Channels = [false, true];

    /// <summary>Listens to what was not heard yet.</summary>
    /// <returns>Whether all was heard before the time was up.</returns>
    public static bool Listen(string shared, string cache, IReadOnlyList<VoiceTake> takes, double limit)
    {
        Directory.CreateDirectory(cache);
        var clock = Stopwatch.StartNew();
        var segmentation = PyanNet.Load(Path.Combine(shared, "packs/pyannote-segmentation-3.0/segmentation-3.0.onnx"));
        var embedder = WeSpeakerResNet34.Load(Path.Combine(shared, "packs/wespeaker-resnet34-lm/wespeaker_resnet34_lm.onnx"));
        bool all = true;
        Parallel.ForEach(
            takes.SelectMany(take => Channels, (take, telephone) => (take, telephone)),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            (one, state) =>
            {
                string path = PathOf(cache, one.take, one.telephone);
                if (File.Exists(path) && File.Exists(path + ".level"))
                {
                    return;
                }

                if (clock.Elapsed.TotalSeconds > limit)
                {
                    all = false;
                    state.Stop();
                    return;
                }

                float[] samples = one.take.Read();
                HeardSpeech heard = Hear(segmentation, embedder, one.telephone ? VoiceTake.OverTelephone(samples) : samples, step: 2);
                HeardFile.Write(path, heard);
                File.WriteAllText(path + ".level", (heard.Bands!.LevelAbove(heard.Pieces.Pieces) ?? 0).ToString("R", System.Globalization.CultureInfo.InvariantCulture));
            });
        return all;
    }

    /// <summary>What is heard in samples, on one thread, with the energy above the telephone band.</summary>
    /// <param name="segmentation">The network that hears windows.</param>
    /// <param name="embedder">The network that makes vectors.</param>
    /// <param name="samples">Mono, 16 kHz.</param>
    /// <param name="step">Seconds between windows; <see langword="null"/> leaves them to the recipe.</param>
    public static HeardSpeech Hear(PyanNet segmentation, WeSpeakerResNet34 embedder, float[] samples, double? step)
    {
        int position = 0;
        int Next(Span<float> buffer)
        {
            int count = Math.Min(buffer.Length, samples.Length - position);
            samples.AsSpan(position, count).CopyTo(buffer);
            position += count;
            return count;
        }

        var meter = new BandMeter(Next);
        return new SegmentsListener(segmentation, embedder, SegmentsParameters.Default, step, 1, new StageClock(null)).Run(meter.Read, null, CancellationToken.None) with { Bands = meter.Energies() };
    }

    /// <summary>What was heard of the takes.</summary>
    public static IReadOnlyList<HeardTake> Read(string cache, IReadOnlyList<VoiceTake> takes) =>
        [.. from take in takes
            from telephone in Channels
            let path = PathOf(cache, take, telephone)
            where File.Exists(path + ".level")
            let heard = HeardFile.Read(path)
            select new HeardTake(take, telephone, heard.Pieces, double.Parse(File.ReadAllText(path + ".level"), System.Globalization.CultureInfo.InvariantCulture))];

    private static string PathOf(string cache, VoiceTake take, bool telephone) => Path.Combine(cache, $"{take.Name}{(telephone ? ".telephone" : "")}.heard");
}
