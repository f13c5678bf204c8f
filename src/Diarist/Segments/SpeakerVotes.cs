using System.Numerics;
using Diarist.Clustering;
using Diarist.Numerics;
using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>Which speaker each local speaker of each window is: matched by the frames in which the window hears one alone, or by the voice where it never does.</summary>
internal static class SpeakerVotes
{
    private const double VoiceWeight = 0.5;
    private const int WindowsAtOnce = 64;

    /// <summary>Matches the local speakers of every window to different speakers.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="owners">The speaker of the fine piece of every frame, −1 in silence.</param>
    /// <param name="centres">A unit vector for each speaker.</param>
    /// <param name="parallel">Threads, and what stops them.</param>
    /// <returns>(windows, 3); −1 for nobody.</returns>
    public static ClusterAssignment Match(HeardSpeech heard, int[] owners, IReadOnlyList<double[]> centres, ParallelOptions parallel)
    {
        Activity activity = heard.Activity;
        var assignment = new ClusterAssignment(activity.Windows, centres.Count, activity.Speakers);
        Parallel.For(0, (activity.Windows + WindowsAtOnce - 1) / WindowsAtOnce, parallel, block =>
            Match(heard, owners, centres, block * WindowsAtOnce, Math.Min((block + 1) * WindowsAtOnce, activity.Windows), assignment));
        return assignment;
    }

    private static void Match(HeardSpeech heard, int[] owners, IReadOnlyList<double[]> centres, int begin, int end, ClusterAssignment assignment)
    {
        int speakers = centres.Count;
        Activity activity = heard.Activity;
        var scores = new double[activity.Speakers * speakers];
        for (int window = begin; window < end; window++)
        {
            scores.AsSpan().Clear();
            int first = Math.Min(owners.Length, heard.Grid.FirstFrame(window));
            ReadOnlySpan<byte> masks = activity.Window(window);
            masks = masks[..Math.Min(masks.Length, owners.Length - first)];
            for (int frame = 0; frame < masks.Length; frame++)
            {
                int owner = owners[first + frame];
                if (BitOperations.IsPow2(masks[frame]) && owner >= 0)
                {
                    scores[(BitOperations.TrailingZeroCount(masks[frame]) * speakers) + owner]++;
                }
            }

            int lone = LoneVoices.Find(masks, heard.Counts.AsSpan(first));
            for (int local = 0; local < activity.Speakers; local++)
            {
                if ((lone >> local & 1) != 0)
                {
                    ScoreVoice(heard, centres, window, local, scores);
                }
            }

            int[] matched = Assignment.Maximize(scores, activity.Speakers, speakers);
            for (int local = 0; local < activity.Speakers; local++)
            {
                assignment[window, local] = matched[local] >= 0 && scores[(local * speakers) + matched[local]] > 0 ? matched[local] : -1;
            }
        }
    }

    /// <summary>The scores of a local speaker whom the window never hears alone: how like the speakers the voice over all its frames is.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="centres">A unit vector for each speaker.</param>
    /// <param name="window">The window.</param>
    /// <param name="local">The local speaker.</param>
    /// <param name="scores">Receives them, shape (local speakers, speakers); unchanged where no voice was heard.</param>
    internal static void ScoreVoice(HeardSpeech heard, IReadOnlyList<double[]> centres, int window, int local, Span<double> scores)
    {
        if (heard.LoneVoices[window, local] is { } vector)
        {
            for (int speaker = 0; speaker < centres.Count; speaker++)
            {
                scores[(local * centres.Count) + speaker] = VoiceWeight * Math.Max(0, Dot(vector, centres[speaker]));
            }
        }
    }

    private static double Dot(float[] vector, double[] centre)
    {
        double sum = 0;
        for (int axis = 0; axis < vector.Length; axis++)
        {
            sum += vector[axis] * centre[axis];
        }

        return sum;
    }
}
