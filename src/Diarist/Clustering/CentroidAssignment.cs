using Diarist.Embedding;
using Diarist.Numerics;
using Diarist.Segmentation;

namespace Diarist.Clustering;

/// <summary>Gives every local speaker the cluster whose centroid its embedding is nearest to.</summary>
internal sealed class CentroidAssignment
{
    private readonly Activity _activity;
    private readonly Embeddings _embeddings;
    private readonly int _clusters;
    private readonly double[] _scores;

    /// <summary>Scores every local speaker against every centroid: 2 − cosine distance.</summary>
    /// <param name="activity">Who is active.</param>
    /// <param name="embeddings">Raw embeddings.</param>
    /// <param name="centroids">Raw centroids, at least one.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    public CentroidAssignment(Activity activity, Embeddings embeddings, PointSet centroids, ParallelOptions parallel)
    {
        _activity = activity;
        _embeddings = embeddings;
        _clusters = centroids.Count;
        _scores = new double[checked(activity.Windows * activity.Speakers * _clusters)];
        PointSet unit = centroids.Normalized();
        Parallel.For(0, activity.Windows, parallel, window =>
        {
            var embedding = new double[embeddings.Dimension];
            for (int speaker = 0; speaker < activity.Speakers; speaker++)
            {
                Score(embeddings[window, speaker], embedding, unit, Scores(window, speaker));
            }
        });
    }

    /// <summary>The scores of a local speaker, one per cluster; NaN where it has no embedding.</summary>
    public Span<double> Scores(int window, int speaker) => _scores.AsSpan(((window * _activity.Speakers) + speaker) * _clusters, _clusters);

    /// <summary>Every local speaker goes to its highest score; several of a window may go to one cluster.</summary>
    public ClusterAssignment Unconstrained()
    {
        var result = new ClusterAssignment(_activity.Windows, _clusters, _activity.Speakers);
        ForEachUsable((window, speaker) => result[window, speaker] = VectorMath.IndexOfMax(Scores(window, speaker)));
        return result;
    }

    /// <summary>Per window the assignment with the greatest sum of scores in which no two local speakers share a cluster; who is left over is unassigned.</summary>
    public ClusterAssignment Constrained(CancellationToken cancellationToken = default)
    {
        var result = new ClusterAssignment(_activity.Windows, _clusters, _activity.Speakers);
        var usable = new List<int>();
        for (int window = 0; window < _activity.Windows; window++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            usable.Clear();
            for (int speaker = 0; speaker < _activity.Speakers; speaker++)
            {
                if (IsUsable(window, speaker))
                {
                    usable.Add(speaker);
                }
            }

            var scores = new double[usable.Count * _clusters];
            for (int row = 0; row < usable.Count; row++)
            {
                Scores(window, usable[row]).CopyTo(scores.AsSpan(row * _clusters));
            }

            int[] columns = Assignment.Maximize(scores, usable.Count, _clusters);
            for (int row = 0; row < usable.Count; row++)
            {
                result[window, usable[row]] = columns[row];
            }
        }

        return result;
    }

    /// <summary>Every cluster that got nobody takes the local speaker that suits it best from a cluster that can spare one.</summary>
    public void FillEmptyClusters(ClusterAssignment assignment)
    {
        var sizes = new int[_clusters];
        ForEachUsable((window, speaker) =>
        {
            if (assignment[window, speaker] >= 0)
            {
                sizes[assignment[window, speaker]]++;
            }
        });

        for (int empty = 0; empty < _clusters; empty++)
        {
            if (sizes[empty] > 0)
            {
                continue;
            }

            (int Window, int Speaker) best = (-1, -1);
            double highest = double.NegativeInfinity;
            ForEachUsable((window, speaker) =>
            {
                int present = assignment[window, speaker];
                if ((present < 0 || sizes[present] > 1) && Scores(window, speaker)[empty] > highest)
                {
                    (best, highest) = ((window, speaker), Scores(window, speaker)[empty]);
                }
            });
            if (best.Window >= 0)
            {
                if (assignment[best.Window, best.Speaker] is var left and >= 0)
                {
                    sizes[left]--;
                }

                assignment[best.Window, best.Speaker] = empty;
                sizes[empty]++;
            }
        }
    }

    private static void Score(ReadOnlySpan<float> embedding, Span<double> buffer, PointSet unitCentroids, Span<double> scores)
    {
        if (!TrainingSet.IsUsable(embedding))
        {
            scores.Fill(double.NaN);
            return;
        }

        VectorMath.Widen(embedding, buffer);
        VectorMath.ScaleToNorm(buffer, 1);
        for (int cluster = 0; cluster < scores.Length; cluster++)
        {
            scores[cluster] = 1 + VectorMath.Dot(buffer, unitCentroids[cluster]);
        }
    }

    private bool IsUsable(int window, int speaker) =>
        _activity.ActiveFrames(window, speaker) > 0 && TrainingSet.IsUsable(_embeddings[window, speaker]);

    private void ForEachUsable(Action<int, int> visit)
    {
        for (int window = 0; window < _activity.Windows; window++)
        {
            for (int speaker = 0; speaker < _activity.Speakers; speaker++)
            {
                if (IsUsable(window, speaker))
                {
                    visit(window, speaker);
                }
            }
        }
    }
}
