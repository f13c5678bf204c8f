using System.Numerics;
using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>Windows that hear more people than the result has there: where there are many, somebody is missing.</summary>
internal static class CrowdedWindows
{
    /// <summary>A local speaker whom a window hears alone for so long is a person, in seconds.</summary>
    private const double PersonSeconds = 0.5;

    /// <summary>The share of such windows among those in which anybody speaks alone; 0 where there is none.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="fineLabels">The speaker of each fine piece.</param>
    /// <param name="speakers">The number of speakers.</param>
    public static double Share(HeardSpeech heard, int[] fineLabels, int speakers)
    {
        int[] owners = Piece.Owners(heard.FinePieces.Pieces, heard.Counts.Length);
        Activity activity = heard.Activity;
        Span<int> alone = stackalloc int[8];
        var present = new bool[speakers];
        int used = 0, crowded = 0;
        int enough = (int)Math.Ceiling(PersonSeconds / SlidingWindow.FrameStep);
        for (int window = 0; window < activity.Windows; window++)
        {
            int first = Math.Min(owners.Length, heard.Grid.FirstFrame(window));
            ReadOnlySpan<byte> masks = activity.Window(window);
            masks = masks[..Math.Min(masks.Length, owners.Length - first)];
            alone.Clear();
            present.AsSpan().Clear();
            for (int frame = 0; frame < masks.Length; frame++)
            {
                if (owners[first + frame] is var piece and >= 0 && BitOperations.IsPow2(masks[frame]))
                {
                    alone[BitOperations.TrailingZeroCount(masks[frame])]++;
                    present[fineLabels[piece]] = true;
                }
            }

            (int all, int people) = (0, 0);
            foreach (int frames in alone)
            {
                all += frames;
                people += frames >= enough ? 1 : 0;
            }

            used += all >= enough ? 1 : 0;
            crowded += people > present.AsSpan().Count(true) ? 1 : 0;
        }

        return used == 0 ? 0 : crowded / (double)used;
    }
}
