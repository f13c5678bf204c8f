using Diarist.Clustering;
using Diarist.Numerics;
using Diarist.Reconstruction;
using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>
/// Who speaks in every output frame: the speaker of its fine piece where one speaks, those whom most windows vote for where
/// more do.
/// </summary>
internal sealed class SpeakerFrames
{
    private const int FramesAtOnce = 8192;

    private readonly HeardSpeech _heard;
    private readonly int[] _labels;
    private readonly int[] _owners;
    private readonly ClusterAssignment _matched;
    private readonly OverlapVotes? _overlaps;
    private readonly int[][] _piecesOf;
    private readonly int[] _firstFrames;
    private readonly int _speakers;

    private SpeakerFrames(HeardSpeech heard, int[] labels, int speakers, ClusterAssignment matched, OverlapVotes? overlaps, int[] owners)
    {
        (_heard, _labels, _speakers, _matched, _overlaps, _owners) = (heard, labels, speakers, matched, overlaps, owners);
        _firstFrames = Arrays.Make(heard.Activity.Windows, heard.Grid.FirstFrame);
        _piecesOf = Arrays.Make(speakers, speaker => Arrays.Where(labels.Length, piece => labels[piece] == speaker));
    }

    /// <summary>Everybody who speaks in each frame.</summary>
    public required FrameClusters All { get; init; }

    /// <summary>The one of them whom most windows hear.</summary>
    public required FrameClusters Single { get; init; }

    /// <summary>Seconds of each speaker, overlap included.</summary>
    public required double[] Seconds { get; init; }

    /// <summary>The share of the windows, in 255ths, that hear in each frame the one of the others whom most of them hear.</summary>
    public required byte[] Rivals { get; init; }

    /// <summary>Fills the frames.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="labels">The speaker of each fine piece.</param>
    /// <param name="centres">A unit vector for each speaker.</param>
    /// <param name="voteSeconds">See <see cref="SegmentsParameters.VoteSeconds"/>.</param>
    /// <param name="parallel">Threads, and what stops them; the frames do not depend on their number.</param>
    public static SpeakerFrames Fill(HeardSpeech heard, int[] labels, IReadOnlyList<double[]> centres, double? voteSeconds, ParallelOptions parallel)
    {
        int frames = heard.Counts.Length;
        int[] owners = Piece.Owners(heard.FinePieces.Pieces, frames);
        foreach (ref int owner in owners.AsSpan())
        {
            owner = owner < 0 ? -1 : labels[owner];
        }

        int most = 0;
        foreach (byte count in heard.Counts)
        {
            most = Math.Max(most, count);
        }

        ClusterAssignment matched = SpeakerVotes.Match(heard, owners, centres, parallel);
        OverlapVotes? overlaps = voteSeconds is double seconds ? OverlapVotes.Match(heard, owners, centres, seconds, parallel) : null;
        var result = new SpeakerFrames(heard, labels, centres.Count, matched, overlaps, owners)
        {
            All = new FrameClusters(frames, centres.Count, most),
            Single = new FrameClusters(frames, centres.Count, Math.Min(1, most)),
            Seconds = new double[centres.Count],
            Rivals = new byte[frames],
        };
        int[] counts = new int[centres.Count];
        Parallel.For(0, (frames + FramesAtOnce - 1) / FramesAtOnce, parallel, block =>
        {
            int[] own = result.Fill(block * FramesAtOnce, Math.Min((block + 1) * FramesAtOnce, frames));
            for (int speaker = 0; speaker < own.Length; speaker++)
            {
                Interlocked.Add(ref counts[speaker], own[speaker]);
            }
        });

        // Added up frame by frame: a product would be other bits.
        for (int speaker = 0; speaker < counts.Length; speaker++)
        {
            for (int frame = 0; frame < counts[speaker]; frame++)
            {
                result.Seconds[speaker] += SlidingWindow.FrameStep;
            }
        }

        return result;
    }

    /// <summary>Fills some of the frames.</summary>
    /// <returns>The frames of each speaker.</returns>
    private int[] Fill(int begin, int end)
    {
        Activity activity = _heard.Activity;
        var votes = new int[_speakers];
        var frames = new int[_speakers];
        var chosen = new List<int>();
        int firstWindow = 0;
        for (int frame = begin; frame < end; frame++)
        {
            while (firstWindow < activity.Windows && _firstFrames[firstWindow] + activity.Frames <= frame)
            {
                firstWindow++;
            }

            int count = _heard.Counts[frame];
            if (count == 0)
            {
                continue;
            }

            int covering = Vote(frame, firstWindow, votes);
            Choose(frame, count, votes, chosen);
            for (int slot = 0; slot < chosen.Count; slot++)
            {
                byte agreement = (byte)(covering == 0 ? 0 : votes[chosen[slot]] * byte.MaxValue / covering);
                All.Set(frame, slot, chosen[slot], agreement);
                frames[chosen[slot]]++;
                if (slot == 0)
                {
                    Single.Set(frame, 0, chosen[0], agreement);
                }
            }

            int rival = 0;
            for (int speaker = 0; speaker < votes.Length; speaker++)
            {
                rival = speaker == chosen[0] ? rival : Math.Max(rival, votes[speaker]);
            }

            Rivals[frame] = (byte)(covering == 0 ? 0 : rival * byte.MaxValue / covering);
        }

        return frames;
    }

    private int Vote(int frame, int firstWindow, Span<int> votes)
    {
        Activity activity = _heard.Activity;
        votes.Clear();
        int window = firstWindow, speakers = activity.Speakers;
        bool overlap = _overlaps is not null && _heard.Counts[frame] > 1;
        for (; window < _firstFrames.Length && _firstFrames[window] <= frame; window++)
        {
            if (overlap)
            {
                _overlaps!.Add(window, frame - _firstFrames[window], votes);
                continue;
            }

            int mask = activity.Window(window)[frame - _firstFrames[window]];
            for (int local = 0; local < speakers && mask >> local != 0; local++)
            {
                if ((mask >> local & 1) != 0 && _matched[window, local] is >= 0 and var speaker)
                {
                    votes[speaker]++;
                }
            }
        }

        return window - firstWindow;
    }

    private void Choose(int frame, int count, ReadOnlySpan<int> votes, List<int> chosen)
    {
        chosen.Clear();
        if (count == 1)
        {
            chosen.Add(_owners[frame]);
            return;
        }

        while (chosen.Count < count)
        {
            int best = -1;
            for (int speaker = 0; speaker < votes.Length; speaker++)
            {
                if (votes[speaker] > (best < 0 ? 0 : votes[best]) && !chosen.Contains(speaker))
                {
                    best = speaker;
                }
            }

            if (best < 0)
            {
                break;
            }

            chosen.Add(best);
        }

        if (chosen.Count == 0)
        {
            chosen.Add(_owners[frame]);
        }

        // Somebody whom nobody hears alone: whoever else speaks nearest in time.
        if (chosen.Count < count && NearestOther(frame, chosen) is var other and >= 0)
        {
            chosen.Add(other);
        }
    }

    private int NearestOther(int frame, List<int> chosen)
    {
        (int nearest, int piece, double least) = (-1, int.MaxValue, double.PositiveInfinity);
        for (int speaker = 0; speaker < _speakers; speaker++)
        {
            if (chosen.Contains(speaker))
            {
                continue;
            }

            int[] own = _piecesOf[speaker];
            int behind = FirstBehind(own, frame);
            for (int at = Math.Max(0, behind - 1); at < Math.Min(own.Length, behind + 1); at++)
            {
                double distance = Math.Abs(_heard.FinePieces.Pieces[own[at]].Middle - frame);
                if (distance < least || (distance == least && own[at] < piece))
                {
                    (nearest, piece, least) = (speaker, own[at], distance);
                }
            }
        }

        return nearest;
    }

    private int FirstBehind(int[] pieces, int frame)
    {
        int low = 0, high = pieces.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _heard.FinePieces.Pieces[pieces[middle]].Middle >= frame ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
