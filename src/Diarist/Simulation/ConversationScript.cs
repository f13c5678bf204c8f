using Diarist.Audio;

namespace Diarist.Simulation;

/// <summary>
/// A conversation written down line by line in a table with the columns <c>speaker</c>, <c>gap</c>, <c>audio</c> and
/// <c>text</c>: who, how many seconds after everything before it has ended (negative to interrupt), which recording
/// (relative to the table), and its words.
/// </summary>
public static class ConversationScript
{
    /// <summary>Reads the script and mixes it; of the options those count that concern sound, not planning.</summary>
    /// <exception cref="InputException">The script or one of its recordings is missing or malformed, or somebody interrupts themselves.</exception>
    public static SimulatedConversation Render(string path, SimulationOptions options)
    {
        options.Validate();
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var timeline = new Timeline();
        foreach (TabbedTable.Row row in TabbedTable.Read(path, "speaker", "gap", "audio", "text").Rows)
        {
            string audio = row["audio"];
            LoadedUtterance utterance = new SourceUtterance(audio, row["speaker"], row["text"], () => AudioReader.ReadMono(Path.Combine(folder, audio))).ToMemory();
            if (utterance.Speech.Count == 0)
            {
                throw row.Error($"there is no speech in {audio}");
            }

            int start = timeline.End + SampleRange.ToGrid(row.Number("gap"));
            if (start < timeline.EndOf(row["speaker"]) || start < 0)
            {
                throw row.Error($"a gap of {row["gap"]} s lets {row["speaker"]} begin before the beginning or before their last line has ended");
            }

            timeline.Add(TurnAudio.Cut(utterance, 0, utterance.Speech.Count), start);
        }

        return ConversationMixer.Mix(Path.GetFileNameWithoutExtension(path), timeline, options, new SimulationRandom(options.Seed, 0));
    }
}
