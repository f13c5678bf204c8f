using System.Globalization;
using System.Runtime.InteropServices;
using Diarist.Accuracy.Identity;
using Diarist.Audio;
using Diarist.Formats;
using Diarist.Simulation;

namespace Diarist.Accuracy.Sets;

/// <summary>
/// Makes the development conversations out of ../shared/audio: FOLDER/tuning and FOLDER/unseen, each with audio/NAME.flac and refs/NAME.rttm. Every second
/// person, by id, is in the one, the others are in the other; the same command makes the same files.
/// </summary>
internal static class DevelopmentSets
{
    private const long FirstSeed = 23;

    // People of whom there is one utterance: too little for a conversation.
    private const string OneUtterance = "u";

    /// <summary>The two halves of the people.</summary>
    public static readonly string[] Halves = ["tuning", "unseen"];

    /// <summary>Makes what is not there yet.</summary>
    /// <param name="shared">Where the audio is.</param>
    /// <param name="folder">Where to write.</param>
    /// <param name="prefixes">Which conversations, by the beginning of their names; all when there is none.</param>
    /// <param name="round">0 for the conversations of docs/accuracy.md; another number draws others of the same plans and the same halves of the people.</param>
    public static void Write(string shared, string folder, IReadOnlyList<string> prefixes, int round = 0)
    {
        ILookup<string, VoiceTake> people = VoiceTakes.Read(shared).ToLookup(take => take.Person);
        string[] beds = [.. Directory.EnumerateFiles(Path.Combine(shared, "audio/train/noise"), "*.opus", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

        // Decoding takes longer than mixing, and everybody speaks in many conversations: a gigabyte for all of them.
        var decoded = new Dictionary<VoiceTake, float[]>(ReferenceEqualityComparer.Instance);
        float[] Read(VoiceTake take) => CollectionsMarshal.GetValueRefOrAddDefault(decoded, take, out _) ??= take.Read();
        for (int half = 0; half < Halves.Length; half++)
        {
            string[] readers = Half(people.Where(takes => IsReader(takes)).Select(takes => takes.Key), half);
            string[] others = Half(people.Where(takes => !IsReader(takes) && takes.All(take => take.Session != OneUtterance)).Select(takes => takes.Key), half);
            string audio = Directory.CreateDirectory(Path.Combine(folder, Halves[half], "audio")).FullName;
            string truths = Directory.CreateDirectory(Path.Combine(folder, Halves[half], "refs")).FullName;
            foreach ((int number, SetPlan plan) in SetPlans.All().Index())
            {
                string file = Path.Combine(audio, plan.Name + ".flac");
                if (File.Exists(file) || (prefixes.Count > 0 && !prefixes.Any(prefix => plan.Name.StartsWith(prefix, StringComparison.Ordinal))))
                {
                    continue;
                }

                (float[] samples, IReadOnlyList<Turn> truth) = Make(plan, plan.Readers ? readers : others, people, Read, beds, new SimulationRandom(FirstSeed + (round * Halves.Length) + half, number));
                using (var writer = new StreamWriter(Path.Combine(truths, plan.Name + ".rttm")))
                {
                    Rttm.Write(writer, plan.Name, truth);
                }

                using AudioWriter sound = AudioWriter.Create(file, MonoStream.SampleRate);
                sound.Write(samples);
                sound.Complete();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Halves[half]} {plan.Name}: {truth.Select(turn => turn.Speaker).Distinct().Count()} people, {plan.Seconds:0} s"));
            }
        }
    }

    private static (float[] Samples, IReadOnlyList<Turn> Truth) Make(
        SetPlan plan, string[] people, ILookup<string, VoiceTake> takes, Func<VoiceTake, float[]> read, string[] beds, SimulationRandom random)
    {
        string[] order = [.. people];
        random.Shuffle<string>(order);
        SetVoice[] voices = [.. order.Select(person => new SetVoice(person, [.. takes[person]], read, plan, random)).Where(voice => voice.HasTurns).Take(plan.Shares.Length)];
        return new SetMixer(plan, voices, beds, random).Make();
    }

    private static bool IsReader(IEnumerable<VoiceTake> takes) => takes.Any(take => take.Parts[0].Path.Contains($"{Path.DirectorySeparatorChar}long{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string[] Half(IEnumerable<string> people, int half) => [.. people.Order(StringComparer.Ordinal).Where((_, index) => index % Halves.Length == half)];
}
