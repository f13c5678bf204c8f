using Diarist.Embedding;
using Diarist.Inference;
using Diarist.Networks.Pyannote;
using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;

namespace Diarist.Accuracy;

/// <summary>How far WeSpeaker's embeddings from the shared trunk are from the exact ones, on the AMI excerpts.</summary>
internal sealed class SharedTrunkComparison(PyanNet segmentation, string weights)
{
    private readonly OnnxGraph _graph = OnnxFile.Read(weights);

    /// <summary>Prints cosine distances: shared against exact, and shared in chunks of other lengths against the default.</summary>
    public void Print(RecordingSet set)
    {
        IReadOnlyList<HeardRecording> exact = Listen(set, new WeSpeakerOptions());
        IReadOnlyList<HeardRecording> shared = Listen(set, new WeSpeakerOptions { Windows = EmbeddingWindows.Shared });
        Print("shared against exact", Distances(exact, shared));
        Print("two neighbouring windows, exact (for scale)", Distances(exact, exact, later: 1));
        foreach (int chunk in (int[])[400, 1_000, 100_000])
        {
            Print($"shared, chunks of {chunk} frames against those of 2000", Distances(shared, Listen(set, new WeSpeakerOptions { Windows = EmbeddingWindows.Shared, ChunkFrames = chunk })));
        }
    }

    private IReadOnlyList<HeardRecording> Listen(RecordingSet set, WeSpeakerOptions options) =>
        new Evaluation(segmentation, new WeSpeakerResNet34(_graph, options), Environment.ProcessorCount).Listen(set);

    /// <summary>1 − cosine of every local speaker's two vectors, or of the vectors of one local speaker and the same slot some windows later.</summary>
    private static double[] Distances(IReadOnlyList<HeardRecording> left, IReadOnlyList<HeardRecording> right, int later = 0)
    {
        var distances = new List<double>();
        foreach ((HeardRecording one, HeardRecording other) in left.Zip(right))
        {
            for (int window = 0; window + later < one.Embeddings.Windows; window++)
            {
                for (int speaker = 0; speaker < SlidingWindow.LocalSpeakers; speaker++)
                {
                    if (one.Embeddings.Has(window, speaker) && other.Embeddings.Has(window + later, speaker))
                    {
                        distances.Add(Distance(one.Embeddings[window, speaker], other.Embeddings[window + later, speaker]));
                    }
                }
            }
        }

        return [.. distances.Order()];
    }

    private static double Distance(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        (double dot, double a, double b) = (0, 0, 0);
        for (int i = 0; i < left.Length; i++)
        {
            (dot, a, b) = (dot + ((double)left[i] * right[i]), a + ((double)left[i] * left[i]), b + ((double)right[i] * right[i]));
        }

        return 1 - (dot / Math.Sqrt(a * b));
    }

    private static void Print(string title, double[] sorted) => Console.WriteLine(FormattableString.Invariant(
        $"{title}: {sorted.Length} embeddings, 1 − cosine median {sorted[sorted.Length / 2]:E1}, 95 % below {sorted[(int)(0.95 * sorted.Length)]:E1}, largest {sorted[^1]:E1}"));
}
