using System.Globalization;
using Diarist.Audio;
using Diarist.Simulation;

namespace Diarist.Accuracy.Identity;

/// <summary>Speech of one person from one session.</summary>
/// <param name="Source">The corpus: its people were recorded alike.</param>
/// <param name="Person">Who; ids that are one voice are one person.</param>
/// <param name="Session">The session: a chapter, a file, half of a file.</param>
/// <param name="Parts">Files and what is taken of each, in samples at 16 kHz.</param>
internal sealed record VoiceTake(string Source, string Person, string Session, IReadOnlyList<(string Path, int From, int Count)> Parts)
{
    public string Name => string.Concat($"{Person}-{Session}".Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-' ? letter : '_'));

    public float[] Read()
    {
        var samples = new List<float>();
        foreach ((string path, int from, int count) in Parts)
        {
            float[] file = AudioReader.ReadMono(path);
            samples.AddRange(file.AsSpan(Math.Min(from, file.Length), Math.Min(count, Math.Max(0, file.Length - from))));
        }

        return [.. samples];
    }

    /// <summary>The same over a telephone.</summary>
    public static float[] OverTelephone(float[] samples) => TelephoneChannel.Apply(samples);
}

/// <summary>The people whose voices are compared across sessions, out of ../shared/audio.</summary>
internal static class VoiceTakes
{
    private const string LibriSpeech = "librispeech";
    private const int Most = 130 * MonoStream.SampleRate;

    // audio/train/README.md: ids that are, or may be, one voice. The first of each stays.
    private static readonly HashSet<string> Same = [
        "R_4QJpbtn4T8z4ixS", "R_4ezaMzei6ssNagt", "R_4gezxpDDRaPXKIs", "R_4s7PwXExwuw1cZa", "R_4ssmicMjtQagK7v", "R_4zatSIgrUgsETE5", "00000011",
        "R_3OihBnBKQuMFAz4", "R_5re0w7ElTMqvkCP", "R_6rCTqJtaK9fNxHq", "R_7H8pYLcVGrTM7g5", "R_7iI7wmwsdCo4PbX",
    ];

    public static IReadOnlyList<VoiceTake> Read(string shared)
    {
        var takes = new List<VoiceTake>();
        string audio = Path.Combine(shared, "audio");
        foreach (string path in Directory.EnumerateFiles(Path.Combine(audio, "long"), "*.opus").Order(StringComparer.Ordinal))
        {
            string[] name = Path.GetFileNameWithoutExtension(path).Split('-');
            takes.Add(new VoiceTake(LibriSpeech, name[0], name[1], [(path, 0, Most)]));
        }

        HashSet<string> known = [.. takes.Select(take => take.Person)];
        string[][] rows = [.. File.ReadLines(Path.Combine(audio, "train/manifest.tsv")).Skip(1).Select(line => line.Split('\t'))];
        foreach (IGrouping<(string Source, string Speaker), string[]> files in rows.GroupBy(row => (row[1], row[2])))
        {
            (string source, string speaker) = files.Key;
            string[] paths = [.. files.Select(row => Path.Combine(audio, "train", row[0]))];
            double seconds = files.Sum(row => double.Parse(row[3], CultureInfo.InvariantCulture));
            if (Same.Contains(speaker) || speaker is "unknown" or "mixed" or "-" || known.Contains(speaker) || seconds < 12)
            {
                continue;
            }

            switch (source)
            {
                case "librispeech-test-clean":
                    takes.AddRange(paths.GroupBy(path => Path.GetFileName(path).Split('-')[1]).Select(chapter => new VoiceTake(LibriSpeech, speaker, chapter.Key, [.. chapter.Select(path => (path, 0, Most))])));
                    break;
                case "alphanumeric":
                    takes.AddRange(paths.Select(path => new VoiceTake(source, speaker, Path.GetFileNameWithoutExtension(path), [(path, 0, Most)])));
                    break;
                case "arabic-commands":
                    takes.Add(new VoiceTake(source, speaker, "a", [(paths[0], 0, 25 * MonoStream.SampleRate)]));
                    takes.Add(new VoiceTake(source, speaker, "b", [(paths[0], 25 * MonoStream.SampleRate, Most)]));
                    break;
                case "vctk" or "cmu-arctic" or "yoruba-speech":
                    takes.Add(new VoiceTake(source, speaker, "a", [.. paths.Where((_, index) => index % 2 == 0).Select(path => (path, 0, Most))]));
                    takes.Add(new VoiceTake(source, speaker, "b", [.. paths.Where((_, index) => index % 2 == 1).Select(path => (path, 0, Most))]));
                    break;
                default:
                    break;
            }
        }

        // One utterance each: strangers to everybody.
        foreach (string path in Directory.EnumerateFiles(Path.Combine(audio, "librispeech-train-clean-100"), "*.flac").Order(StringComparer.Ordinal))
        {
            takes.Add(new VoiceTake(LibriSpeech, Path.GetFileName(path).Split('-')[0], "u", [(path, 0, Most)]));
        }

        return takes;
    }
}
