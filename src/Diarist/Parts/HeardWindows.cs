using Diarist.Segmentation;

namespace Diarist.Parts;

/// <summary>What the segmentation network hears in a range of a recording: which local speakers are active in each of its windows.</summary>
public sealed class HeardWindows
{
    private const string Magic = "diarist-windows/1";
    private const int MostWindows = 10_000_000;
    private const int MostWarnings = 10_000;

    internal HeardWindows(string networks, int stepSamples, int firstWindow, byte[] masks, long? samples, IReadOnlyList<string> warnings) =>
        (Networks, StepSamples, FirstWindow, Masks, Samples, Warnings) = (networks, stepSamples, firstWindow, masks, samples, warnings);

    /// <summary>The length of the recording in samples at 16 kHz; <see langword="null"/> where the range ended before it.</summary>
    public long? Samples { get; }

    /// <summary>What was wrong with the recording and could be survived; known where it was read to its end.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>What heard it.</summary>
    internal string Networks { get; }

    /// <summary>Samples between windows.</summary>
    internal int StepSamples { get; }

    /// <summary>The number of the first window.</summary>
    internal int FirstWindow { get; }

    /// <summary>The windows, shape (windows, 589), one bit for each local speaker.</summary>
    internal byte[] Masks { get; }

    /// <summary>The number of windows.</summary>
    internal int Windows => Masks.Length / SlidingWindow.FramesPerWindow;

    /// <summary>Writes it as bytes, for another machine.</summary>
    public byte[] ToBytes() => PartBytes.Write(Magic, writer =>
    {
        writer.Write(Networks);
        writer.Write(StepSamples);
        writer.Write(FirstWindow);
        writer.Write(Samples ?? -1);
        writer.Write(Warnings.Count);
        foreach (string warning in Warnings)
        {
            writer.Write(warning);
        }

        writer.Write(Windows);
        writer.Write(Masks);
    });

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidDataException">They are damaged, or of another kind or version.</exception>
    public static HeardWindows FromBytes(byte[] bytes) => PartBytes.Read(bytes, Magic, reader =>
    {
        string networks = reader.ReadString();
        int step = PartBytes.Count(reader, 1, int.MaxValue);
        int first = PartBytes.Count(reader, 0, MostWindows);
        long samples = reader.ReadInt64();
        var warnings = new string[PartBytes.Count(reader, 0, MostWarnings)];
        for (int i = 0; i < warnings.Length; i++)
        {
            warnings[i] = reader.ReadString();
        }

        int length = PartBytes.Count(reader, 0, MostWindows) * SlidingWindow.FramesPerWindow;
        byte[] masks = reader.ReadBytes(length);
        return masks.Length == length && masks.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)((1 << SlidingWindow.LocalSpeakers) - 1)) < 0 && samples >= -1
            ? new HeardWindows(networks, step, first, masks, samples < 0 ? null : samples, warnings)
            : throw new InvalidDataException("the windows of a part are damaged");
    });
}
