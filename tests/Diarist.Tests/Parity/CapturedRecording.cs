using System.Globalization;
using Diarist.Clustering;
using Diarist.Community1;
using Diarist.Embedding;
using Diarist.Inference;
using Diarist.Numerics;
using Diarist.Segmentation;
using Diarist.Tests.Support;

namespace Diarist.Tests.Parity;

/// <summary>One recording's captures of every stage of pyannote.audio 4 under ../shared/parity.</summary>
internal sealed class CapturedRecording
{
    private static readonly Lazy<Plda> SharedPlda = new(() => Plda.Load(
        InsideNetworks.PathOf("pyannote-community-1-plda/xvec_transform.npz"),
        InsideNetworks.PathOf("pyannote-community-1-plda/plda.npz")));

    private readonly string _folder;

    private CapturedRecording(string folder)
    {
        _folder = folder;
        NpyArray segmentations = File("segmentations")["segmentations"];
        Activity = new Activity(segmentations.Shape[0], segmentations.Shape[1], segmentations.Shape[2]);
        float[] active = segmentations.ToSingles();
        for (int window = 0; window < Activity.Windows; window++)
        {
            for (int frame = 0; frame < Activity.Frames; frame++)
            {
                for (int speaker = 0; speaker < Activity.Speakers; speaker++)
                {
                    bool isActive = active[(((window * Activity.Frames) + frame) * Activity.Speakers) + speaker] > 0.5f;
                    Activity.Window(window)[frame] |= (byte)(isActive ? 1 << speaker : 0);
                }
            }
        }

        Grid = new SlidingWindow((int)Math.Round(File("reconstruction")["chunk_step"].ToDoubles()[0] * SlidingWindow.SampleRate));
        NpyArray embeddings = File("raw_embeddings")["embeddings"];
        Embeddings = new Embeddings(embeddings.Shape[0], embeddings.Shape[2], embeddings.Shape[1]);
        embeddings.ToSingles().CopyTo(Embeddings.Range(0, Embeddings.Windows));
    }

    /// <summary>The PLDA of community-1.</summary>
    public static Plda Plda => SharedPlda.Value;

    /// <summary>Whether captures are on this machine.</summary>
    public static bool AreHere => Shared.Has("parity/rec01");

    /// <summary>The folders that hold captures; the first one's name alone, where they are absent.</summary>
    public static IReadOnlyList<string> Names => AreHere
        ? [.. Directory.GetDirectories(Shared.Require("parity"), "rec*").Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)]
        : ["rec01"];

    public Activity Activity { get; }

    public Embeddings Embeddings { get; }

    public SlidingWindow Grid { get; }

    /// <summary>The embeddings that shape the clusters; skips the test where they are too few to be clustered.</summary>
    public TrainingSet Training
    {
        get
        {
            TrainingSet training = TrainingSet.Select(Activity, Embeddings, ClusteringRecipe.Community1, SpeakerBounds.None);
            Assert.SkipWhen(training.Pairs.Count < 2, "too little speech of one voice alone: nothing was clustered");
            return training;
        }
    }

    public static CapturedRecording Load(string name) => new(Shared.Require($"parity/{name}"));

    public Npz File(string name) => Npz.Read(Path.Combine(_folder, name + ".npz"));

    public long[] AhcLabels => NpyArray.Read(Path.Combine(_folder, "ahc_init_labels.npy")).ToInt64s();

    /// <summary>The captured transform of the training embeddings.</summary>
    public PointSet PldaEmbeddings(string name)
    {
        NpyArray captured = File("plda_embeddings")[name];
        var points = new PointSet(captured.Shape[0], captured.Shape[1]);
        double[] values = captured.ToDoubles();
        for (int index = 0; index < points.Count; index++)
        {
            values.AsSpan(index * points.Dimension, points.Dimension).CopyTo(points[index]);
        }

        return points;
    }

    /// <summary>The captured clusters, with local speakers who are never active left unassigned.</summary>
    public ClusterAssignment HardClusters
    {
        get
        {
            long[] hard = File("clustering")["hard_clusters"].ToInt64s();
            var assignment = new ClusterAssignment(Activity.Windows, Math.Max(0, (int)hard.Max() + 1), Activity.Speakers);
            for (int window = 0; window < Activity.Windows; window++)
            {
                for (int speaker = 0; speaker < Activity.Speakers; speaker++)
                {
                    if (Activity.ActiveFrames(window, speaker) > 0)
                    {
                        assignment[window, speaker] = Math.Max(-1, (int)hard[(window * Activity.Speakers) + speaker]);
                    }
                }
            }

            return assignment;
        }
    }

    public IReadOnlyList<Turn> ReferenceTurns =>
        [.. System.IO.File.ReadLines(Path.Combine(_folder, "reference.rttm"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length >= 9)
            .Select(fields =>
            {
                double start = double.Parse(fields[3], CultureInfo.InvariantCulture);
                return new Turn(start, start + double.Parse(fields[4], CultureInfo.InvariantCulture), fields[7]);
            })];
}
