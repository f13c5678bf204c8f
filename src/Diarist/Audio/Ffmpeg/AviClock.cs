using System.Globalization;

namespace Diarist.Audio.Ffmpeg;

/// <summary>
/// When the sound of an AVI file starts. The format states a start that several writers leave at 0, and no times at all for
/// what follows; those that ffmpeg invents for codings of varying packet sizes (AAC, MP3) drift. So the stated start
/// counts, then the place of the first packets of sound among the pictures, which writers put in the order of their times.
/// </summary>
/// <param name="Stated">The start that the header states, in seconds.</param>
/// <param name="Behind">How much later the sound lies among the pictures; 0 where that is nothing unusual.</param>
internal readonly record struct AviClock(double Stated, double Behind)
{
    private const string Interval = "%+60";
    private const int MostBytes = 8 << 20;

    // Writers put up to half a second of pictures in front of the sound that belongs to them.
    private const double Usual = 0.6;

    /// <summary>Where the sound starts.</summary>
    public double Start => Stated + Behind;

    /// <summary>Looks at the packets of the first minute.</summary>
    /// <param name="input">The file.</param>
    /// <param name="audio">The index of the sound among the streams.</param>
    /// <param name="video">The index of the pictures; <see langword="null"/> where there are none.</param>
    public static AviClock Read(FfmpegInput input, int audio, int? video)
    {
        using ChildProcess? process = ChildProcess.Start(
            input.Prober,
            ["-v", "error", "-protocol_whitelist", "file", "-read_intervals", Interval, "-show_entries", "packet=stream_index,dts_time,duration_time,pos", "-of", "csv=p=0", input.Url],
            input.Patience);
        if (process is null)
        {
            return default;
        }

        var packets = new List<(long Place, Packet Packet)>();
        using var lines = new StreamReader(process.Output);
        long read = 0;
        while (read < MostBytes && lines.ReadLine() is string line)
        {
            read += line.Length;
            if (Packet.Parse(line) is Packet packet && (packet.Stream == audio || packet.Stream == video))
            {
                packets.Add((packet.Place ?? packets.LastOrDefault(earlier => earlier.Packet.Stream == packet.Stream).Place, packet));
            }
        }

        return Of([.. packets.OrderBy(packet => packet.Place).Select(packet => packet.Packet)], audio);
    }

    // The packets of sound and the pictures right before and after them bound how much later than the pictures sound starts.
    private static AviClock Of(IReadOnlyList<Packet> packets, int audio)
    {
        double stated = packets.FirstOrDefault(packet => packet.Stream == audio).Time ?? 0;
        double heard = stated;
        double? seen = null;
        double least = double.NegativeInfinity;
        double most = double.PositiveInfinity;
        foreach (Packet packet in packets)
        {
            if (packet.Stream == audio)
            {
                least = Math.Max(least, seen - heard ?? least);
                heard += packet.Length;
            }
            else if (packet.Time is double time)
            {
                // Sound that comes in long pieces catches up with the pictures at the end of each.
                most = heard > stated ? Math.Min(most, time - heard) : most;
                seen = time;
            }
        }

        // Only sound among pictures tells anything, not sound behind all of them.
        double behind = !double.IsFinite(most) ? 0 : least - most > Usual ? most : least;
        return new AviClock(Math.Max(0, stated), behind > Usual ? behind : 0);
    }

    /// <summary>A packet; those that were one in the file may lack time and place, and follow the one before them.</summary>
    private readonly record struct Packet(int Stream, double? Time, double Length, long? Place)
    {
        public static Packet? Parse(string line)
        {
            string[] fields = line.Split(',');
            return fields.Length >= 4 && int.TryParse(fields[0], CultureInfo.InvariantCulture, out int stream)
                ? new Packet(stream, Number(fields[1]), Number(fields[2]) ?? 0, (long?)Number(fields[3]))
                : null;
        }

        private static double? Number(string field) => double.TryParse(field, CultureInfo.InvariantCulture, out double number) ? number : null;
    }
}
