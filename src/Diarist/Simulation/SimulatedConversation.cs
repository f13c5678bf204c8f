using System.Text;
using Diarist.Audio;
using Diarist.Formats;

namespace Diarist.Simulation;

/// <summary>A conversation and its exact truth.</summary>
public sealed record SimulatedConversation
{
    internal SimulatedConversation(string name, float[] samples, IReadOnlyList<Turn> turns, IReadOnlyList<Utterance> utterances, IReadOnlyList<string> sources, double overlapShare) =>
        (Name, Samples, Turns, Utterances, Sources, OverlapShare) =
        (name, samples, turns, utterances, sources, overlapShare);

    /// <summary>Its name, also of its files.</summary>
    public string Name { get; init; }

    /// <summary>Mono, 16 kHz, already rounded to 16 bits, so that memory and file hold the same.</summary>
    public float[] Samples { get; init; }

    /// <summary>Who speaks when, cut at pauses, on whole milliseconds, in order of time.</summary>
    public IReadOnlyList<Turn> Turns { get; init; }

    /// <summary>What was said in one go, pauses included; the text is empty where unknown.</summary>
    public IReadOnlyList<Utterance> Utterances { get; init; }

    /// <summary>The ids of the recordings that were used.</summary>
    public IReadOnlyList<string> Sources { get; init; }

    /// <summary>The time in which two people speak, as a share of the time in which anybody does.</summary>
    public double OverlapShare { get; init; }

    /// <summary>The length in seconds.</summary>
    public double Duration => Samples.Length / (double)MonoStream.SampleRate;

    /// <summary>The number of people who speak.</summary>
    public int Speakers => Turns.Select(turn => turn.Speaker).Distinct().Count();

    /// <summary>Writes NAME.flac or NAME.wav, NAME.rttm and NAME.stm into a folder.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="format"><c>flac</c> or <c>wav</c>.</param>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public void Save(string folder, string format)
    {
        string stem = Path.Combine(folder, Name);
        using (AudioWriter audio = AudioWriter.Create($"{stem}.{format}", MonoStream.SampleRate))
        {
            audio.Write(Samples);
            audio.Complete();
        }

        WriteText(stem + ".rttm", writer => Rttm.Write(writer, Name, Turns));
        WriteText(stem + ".stm", writer => Stm.Write(writer, Name, Utterances));
    }

    private static void WriteText(string path, Action<TextWriter> write)
    {
        using var file = new OutputFile(path);
        using (var writer = new StreamWriter(file.Stream, new UTF8Encoding(false), leaveOpen: true))
        {
            write(writer);
        }

        file.Commit();
    }
}
