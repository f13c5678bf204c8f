using System.Diagnostics;
using System.Globalization;
using Diarist.Audio;
using Diarist.Numerics;
using Diarist.Segmentation;
using Diarist.Segments;
using Diarist.Sessions;

namespace Diarist.Accuracy.Pieces;

/// <summary>How long corrections take, on what was heard of a recording and on the same repeated with other noise.</summary>
internal static class SessionTimings
{
    private const int MostRounds = 5;
    private const double LongRecording = 7200;
    private const double Noise = 0.02;
    private static readonly string[] Rows = ["session", "file", "writing it", "opening it", "merge", "split", "assign", "rename", "review", "one speaker less", "one speaker more", "undo"];

    /// <summary>Measures one recording, or so many of it on end; writes each line when it is known.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="times">How often it is repeated.</param>
    public static void Run(HeardSpeech heard, int times)
    {
        foreach ((int row, string value) in Column(times > 1 ? Repeated(heard, times) : heard).Index())
        {
            Console.WriteLine($"| {Rows[row]} | {value} |");
        }
    }

    private static IEnumerable<string> Column(HeardSpeech heard)
    {
        heard.RoundToHalf();
        int rounds = heard.Duration > LongRecording ? 1 : MostRounds;
        double Median(Action action, Action? after = null) => SessionTimings.Median(rounds, action, after);
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.diarist");
        sbyte[] peaks = Peaks(heard.Duration);
        var session = new DiarizationSession(new SessionRecording(new AudioInfo("talk.wav", "WAV", 16000, 1, 16, null), "", heard.Duration), heard, new DiarizerOptions(), [], [], peaks);
        try
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{heard.Duration / 3600:0.00} h, {session.Diarization.Speakers.Count} speakers, {session.Diarization.Turns.Count} turns, {heard.Pieces.Count} pieces");
            double writing = Median(() => session.Save(path));
            yield return string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(path).Length / 1e6:0.0} MB");
            yield return Text(writing);
            yield return Text(Median(() => DiarizationSession.Open(path)));
            int speakers = session.Diarization.Speakers.Count;
            string[] labels = [.. session.Diarization.Speakers.OrderByDescending(speaker => speaker.Duration).Select(speaker => speaker.Label)];
            Turn[] turns = [.. session.Diarization.Turns.Where(turn => turn.Speaker == labels[0]).OrderByDescending(turn => turn.Duration).Take(2)];

            // Each time a session that remembers nothing.
            foreach (Action<DiarizationSession> edit in (Action<DiarizationSession>[])[
                fresh => fresh.Merge(labels[0], labels[1]),
                fresh => fresh.Split(turns),
                fresh => fresh.Assign(turns[0], labels[1]),
                fresh => fresh.Rename(labels[0], "Ada"),
                fresh => fresh.Review(),
                fresh => fresh.SetSpeakers(Math.Max(1, speakers - 1)),
                fresh => fresh.SetSpeakers(speakers + 1),
            ])
            {
                var fresh = DiarizationSession.Open(path);
                yield return Text(Median(() => edit(fresh), () => fresh = DiarizationSession.Open(path)));
            }

            session = DiarizationSession.Open(path);
            session.Merge(labels[0], labels[1]);
            yield return Text(Median(() => session.Undo(), () => session.Redo()));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double Median(int rounds, Action action, Action? after)
    {
        var times = new double[rounds];
        for (int round = rounds > 1 ? -1 : 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            if (round >= 0)
            {
                times[round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            after?.Invoke();
        }

        return times.Order().ElementAt(rounds / 2);
    }

    private static string Text(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0} ms");

    // Peaks of noise, which hardly pack.
    private static sbyte[] Peaks(double seconds)
    {
        var random = new Random(20);
        var peaks = new sbyte[2 * (int)(seconds * 20)];
        for (int pair = 0; pair < peaks.Length / 2; pair++)
        {
            (peaks[2 * pair], peaks[(2 * pair) + 1]) = ((sbyte)-random.Next(60), (sbyte)random.Next(60));
        }

        return peaks;
    }

    /// <summary>The same on end, each time with noise of its own in the vectors.</summary>
    internal static HeardSpeech Repeated(HeardSpeech heard, int times)
    {
        // Windows that fill whole frames.
        int windows = heard.Activity.Windows;
        while (windows > 1 && (long)windows * heard.Grid.StepSamples % SlidingWindow.FrameStepSamples != 0)
        {
            windows--;
        }

        int frames = (int)Math.Min((long)windows * heard.Grid.StepSamples / SlidingWindow.FrameStepSamples, heard.Counts.Length);
        var activity = new Segmentation.Activity(windows * times);
        var counts = new byte[heard.Grid.OutputFrames(windows * times)];
        var lone = new LoneVoices();
        for (int time = 0; time < times; time++)
        {
            heard.Activity.Range(0, windows).CopyTo(activity.Range(time * windows, windows));
            heard.Counts.AsSpan(0, frames).CopyTo(counts.AsSpan(time * frames));
            for (int window = 0; window < windows; window++)
            {
                for (int speaker = 0; speaker < heard.Activity.Speakers; speaker++)
                {
                    if (heard.LoneVoices[window, speaker] is { } vector)
                    {
                        lone.Add((time * windows) + window, speaker, [.. vector]);
                    }
                }
            }
        }

        // Speech that the cut divides has no piece.
        PieceVectors fine = Repeated(heard.FinePieces, frames, times);
        int[] owners = Piece.Owners(fine.Pieces, counts.Length);
        for (int frame = 0; frame < counts.Length; frame++)
        {
            counts[frame] = owners[frame] < 0 ? (byte)0 : counts[frame];
        }

        return new HeardSpeech
        {
            Grid = heard.Grid,
            Activity = activity,
            Counts = counts,
            Pieces = Repeated(heard.Pieces, frames, times),
            FinePieces = fine,
            LoneVoices = lone,
            Duration = frames * SlidingWindow.FrameStep * times,
        };
    }

    private static PieceVectors Repeated(PieceVectors pieces, int frames, int times)
    {
        int count = pieces.Pieces.Count(piece => piece.End <= frames);
        var random = new Random(count);
        var repeated = new PieceVectors([.. Enumerable.Range(0, times).SelectMany(time => pieces.Pieces.Take(count).Select(piece => new Piece(piece.Start + (time * frames), piece.End + (time * frames))))], pieces.Dimension);
        for (int piece = 0; piece < repeated.Count; piece++)
        {
            repeated.Seconds[piece] = pieces.Seconds[piece % count];
            repeated.Voiced[piece] = pieces.Voiced[piece % count];
            double[] vector = new double[pieces.Dimension];
            for (int axis = 0; axis < vector.Length; axis++)
            {
                vector[axis] = pieces[piece % count][axis] + (repeated.Voiced[piece] ? Noise * (random.NextDouble() - 0.5) : 0);
            }

            VectorMath.ScaleToNorm(vector, repeated.Voiced[piece] ? 1 : 0);
            for (int axis = 0; axis < vector.Length; axis++)
            {
                repeated[piece][axis] = (float)vector[axis];
            }
        }

        return repeated;
    }
}
