using System.Globalization;
using System.Text;
using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Accuracy.Pieces;

/// <summary>The cosine of two pieces against their length, of one person and of two, as a table and as an SVG with the model beside it.</summary>
internal sealed class LikenessCurves
{
    private const double BinSeconds = 0.15, LongestSeconds = 1.5;
    private const double PureShare = 0.9;
    private static readonly int Bins = (int)Math.Round(LongestSeconds / BinSeconds);

    private readonly (double Sum, double Squares, double Seconds, int Count)[] _same = new (double, double, double, int)[Bins], _different = new (double, double, double, int)[Bins];

    /// <summary>Counts all pairs of fine pieces of a recording and of pieces, of about the same length, each of them one person's.</summary>
    public void Add(FolderRecording recording, HeardSpeech heard)
    {
        foreach (PieceVectors vectors in (PieceVectors[])[heard.Pieces, heard.FinePieces])
        {
            (int Piece, int Bin, string Speaker)[] pure = [.. Enumerable.Range(0, vectors.Count)
                .Where(piece => vectors.Voiced[piece])
                .Select(piece => (piece, Math.Min(Bins - 1, (int)(vectors.Seconds[piece] / BinSeconds)), Owner(recording.Truth, vectors.Pieces[piece])!))
                .Where(piece => piece.Item3 is not null)];
            for (int i = 0; i < pure.Length; i++)
            {
                // Neighbours only: a long recording must not count for more than many short ones.
                for (int j = i + 1; j < Math.Min(pure.Length, i + 40); j++)
                {
                    if (pure[i].Bin == pure[j].Bin)
                    {
                        double cosine = 0;
                        for (int axis = 0; axis < vectors.Dimension; axis++)
                        {
                            cosine += vectors[pure[i].Piece][axis] * (double)vectors[pure[j].Piece][axis];
                        }

                        ref var bin = ref (pure[i].Speaker == pure[j].Speaker ? _same : _different)[pure[i].Bin];
                        bin = (bin.Sum + cosine, bin.Squares + (cosine * cosine), bin.Seconds + ((vectors.Seconds[pure[i].Piece] + vectors.Seconds[pure[j].Piece]) / 2), bin.Count + 1);
                    }
                }
            }
        }
    }

    /// <summary>The drawing: dots are measured means, bars one standard deviation, lines the model.</summary>
    public string Svg()
    {
        const double width = 640, height = 360, left = 50, bottom = 310, across = 560, up = 280;
        static string N(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
        string X(double seconds) => N(left + (across * seconds / LongestSeconds));
        string Y(double cosine) => N(bottom - (up * (cosine + 0.1)));
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Line($"<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>");
        for (double cosine = 0; cosine < 0.85; cosine += 0.2)
        {
            Line($"<path d=\"M{X(0)} {Y(cosine)}H{X(LongestSeconds)}\" stroke=\"#ddd\"/><text x=\"20\" y=\"{Y(cosine)}\">{cosine:0.0}</text>");
        }

        for (double seconds = 0; seconds < 1.6; seconds += 0.3)
        {
            Line($"<text x=\"{X(seconds)}\" y=\"330\" text-anchor=\"middle\">{seconds:0.0}</text>");
        }

        LikenessModel model = LikenessModel.Default;
        IEnumerable<string> curve = Enumerable.Range(1, 30).Select(step => step * LongestSeconds / 30).Select(d => $"{X(d)} {Y(Math.Pow(model.Expected(d), 2))}");
        Line($"<path d=\"M{string.Join('L', curve)}\" fill=\"none\" stroke=\"#1f77b4\"/>");
        Line($"<path d=\"M{X(0)} {Y(model.Strangers)}H{X(LongestSeconds)}\" stroke=\"#d62728\"/>");
        Draw(_same, "#1f77b4");
        Draw(_different, "#d62728");
        Line($"<text x=\"60\" y=\"24\" fill=\"#1f77b4\">one person: mean cosine, and C d / (d + A)</text><text x=\"60\" y=\"42\" fill=\"#d62728\">two people: mean cosine, and M</text>");
        Line($"<text x=\"{left + (across / 2)}\" y=\"350\" text-anchor=\"middle\">seconds of each of the two pieces in which one person speaks alone</text>");
        Line($"</svg>");
        return text.ToString();

        void Draw((double Sum, double Squares, double Seconds, int Count)[] bins, string colour)
        {
            foreach ((double mean, double deviation, double seconds, _) in bins.Where(bin => bin.Count >= 30).Select(Describe))
            {
                Line($"<path d=\"M{X(seconds)} {Y(mean - deviation)}V{Y(mean + deviation)}\" stroke=\"{colour}\" opacity=\"0.4\"/><circle cx=\"{X(seconds)}\" cy=\"{Y(mean)}\" r=\"3\" fill=\"{colour}\"/>");
            }
        }
    }

    /// <summary>One line for each length.</summary>
    public IEnumerable<string> Table() => Enumerable.Range(0, Bins).Select(bin =>
    {
        (double same, double sameDeviation, double seconds, int pairs) = Describe(_same[bin]);
        (double different, double deviation, _, int others) = Describe(_different[bin]);
        double model = Math.Pow(LikenessModel.Default.Expected(seconds), 2);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s: one person {same:0.000} ± {sameDeviation:0.000} (model {model:0.000}, {pairs} pairs), two people {different:0.000} ± {deviation:0.000} ({others} pairs)");
    });

    private static (double Mean, double Deviation, double Seconds, int Count) Describe((double Sum, double Squares, double Seconds, int Count) bin)
    {
        double mean = bin.Sum / Math.Max(1, bin.Count);
        return (mean, Math.Sqrt(Math.Max(0, (bin.Squares / Math.Max(1, bin.Count)) - (mean * mean))), bin.Seconds / Math.Max(1, bin.Count), bin.Count);
    }

    /// <summary>Who says nearly all of a piece.</summary>
    private static string? Owner(IReadOnlyList<Turn> truth, Piece piece)
    {
        double start = (piece.Start * SlidingWindow.FrameStep) + (SlidingWindow.FrameDuration / 2), end = start + piece.Seconds;
        (string? owner, double all, double most) = (null, 0, 0);
        foreach (IGrouping<string, Turn> own in truth.Where(turn => turn.Start < end && turn.End > start).GroupBy(turn => turn.Speaker))
        {
            double held = own.Sum(turn => Math.Min(end, turn.End) - Math.Max(start, turn.Start));
            (owner, most) = held > most ? (own.Key, held) : (owner, most);
            all += held;
        }

        return most >= PureShare * piece.Seconds && most >= PureShare * all ? owner : null;
    }
}
