using System.Globalization;
using System.Text;
using Diarist.Accuracy.Sets;
using Diarist.Audio;
using Diarist.Identity;
using Diarist.Networks.Pyannote;
using Diarist.Networks.WeSpeaker;
using Diarist.Pipeline;
using Diarist.Scoring;
using Diarist.Segments;
using Diarist.Simulation;

namespace Diarist.Accuracy.Identity;

/// <summary>
/// Conversations of people of the evaluation half, some of whom are enrolled from other sessions. The store holds them and as many people again
/// who are not in the conversation.
/// </summary>
internal static class NamedConversations
{
    private const long Seed = 25;
    private const int Conversations = 16;
    private const double Seconds = 90;

    // Of a conversation, and known voices that are not in it.
    private const int Enrolled = 2, Strangers = 2, Absent = 6;

    // The least speech of the sessions that somebody is enrolled from, and of those that they speak from in a conversation.
    private const double LeastSpeech = 8;

    // People of a corpus, and samples of an enrolment.
    private const int MostPeople = 12;
    private const int MostEnrolled = 20 * MonoStream.SampleRate;
    private const string Embedder = "benchmark";

    private static readonly double[] Rates = [0.01, 0.001];

    /// <summary>The table of docs/identity.md.</summary>
    public static string Measure(string shared, IReadOnlyList<HeardTake> heardTakes)
    {
        var segmentation = PyanNet.Load(Path.Combine(shared, "packs/pyannote-segmentation-3.0/segmentation-3.0.onnx"));
        var embedder = WeSpeakerResNet34.Load(Path.Combine(shared, "packs/wespeaker-resnet34-lm/wespeaker_resnet34_lm.onnx"));
        Person[] people = People(segmentation, embedder, heardTakes);
        var rows = new Dictionary<(string, double), NamedScore>();
        var lines = new Lock();
        Parallel.For(0, Conversations, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, number =>
        {
            foreach (bool telephone in (bool[])[false, true])
            {
                Cast cast = Draw(people, number);
                VoiceProfile[] known = [.. cast.Known.Select(person => (telephone ? person.Telephone : person.WideBand)!)];
                SetVoice[] voices = [.. cast.Present.Select((person, index) => new SetVoice(person.Name, person.Found, take => take.Read(), Plan(telephone), new SimulationRandom(Seed + 1, (100 * number) + index)))];
                (float[] samples, IReadOnlyList<Turn> truth) = new SetMixer(Plan(telephone), voices, [], new SimulationRandom(Seed + 2, number)).Make();
                HeardSpeech heard = HeardVoices.Hear(segmentation, embedder, samples, step: null);
                foreach (double rate in Rates)
                {
                    RecognizedSpeech found = KnownVoicesClustering.Run(heard, new DiarizerOptions(), new KnownVoices(known, rate), Embedder, new StageClock(null), CancellationToken.None);
                    var score = NamedScore.Of(truth, cast.Known.Select(person => person.Name).ToHashSet(), found.Clustered.Diarization with { Identities = found.Identities });
                    lock (lines)
                    {
                        (string, double) key = (telephone ? "telephone" : "wide band", rate);
                        rows[key] = rows.TryGetValue(key, out NamedScore? before) ? before + score : score;
                    }
                }
            }
        });
        return Table(people.Length, rows);
    }

    private static string Table(int people, Dictionary<(string Channel, double Rate), NamedScore> rows)
    {
        var text = new StringBuilder();
        text.AppendLine(Line($"{Conversations} conversations of {Seconds:0} s over each channel, out of {people} people; {Enrolled} of {Enrolled + Strangers} speakers are enrolled, in a store of {Enrolled + Absent} voices.")).AppendLine();
        text.AppendLine("| channel | false names | DER | DER with names | enrolled speakers: right name | no name | another's | strangers with a name |");
        text.AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (((string channel, double rate), NamedScore score) in rows.OrderByDescending(row => row.Key.Channel, StringComparer.Ordinal).ThenByDescending(row => row.Key.Rate))
        {
            double withNames = score.Errors.Share(score.Errors.Errors + score.Misnamed);
            text.AppendLine(Line($"| {channel} | 1/{1 / rate:0} | {100 * score.Errors.Rate:0.00} % | {100 * withNames:0.00} % | {score.Right} | {score.Nameless} | {score.Wrong} | {score.FalseNames} of {score.Strangers} |"));
        }

        return text.AppendLine().ToString();
    }

    /// <summary>People with enough speech in every second session to be enrolled from, and in the others to speak from.</summary>
    private static Person[] People(PyanNet segmentation, WeSpeakerResNet34 embedder, IReadOnlyList<HeardTake> heardTakes)
    {
        ILookup<string, HeardTake> sessions = heardTakes.Where(take => !take.Telephone).ToLookup(take => take.Take.Person);
        IEnumerable<Person> candidates =
            from name in TrialSet.Half(heardTakes.Select(take => take.Take.Person), half: 1)
            let other = sessions[name].Where((_, index) => index % 2 == 0).ToArray()
            let found = sessions[name].Where((_, index) => index % 2 == 1).ToArray()
            where other.Sum(take => take.Seconds) >= LeastSpeech && found.Sum(take => take.Seconds) >= LeastSpeech
            select new Person(other[0].Take.Source, name, [.. other.Select(take => take.Take)], [.. found.Select(take => take.Take)]);
        return
        [
            .. candidates.GroupBy(person => person.Source).SelectMany(own => own.Take(MostPeople)).AsParallel().AsOrdered()
                .Select(person => person with { WideBand = Enrol(segmentation, embedder, person, telephone: false), Telephone = Enrol(segmentation, embedder, person, telephone: true) })
                .Where(person => person is { WideBand: not null, Telephone: not null }),
        ];
    }

    /// <summary>Who is there: people of one corpus, who were recorded alike, where it has enough.</summary>
    private static Cast Draw(Person[] people, int number)
    {
        var random = new SimulationRandom(Seed, number);
        Person[] order = [.. people];
        random.Shuffle<Person>(order);
        string[] sources = [.. order.GroupBy(person => person.Source).Where(group => group.Count() >= Enrolled + Strangers + Absent).Select(group => group.Key).Order(StringComparer.Ordinal)];
        string source = sources[number % sources.Length];
        Person[] drawn = [.. order.Where(person => person.Source == source).Take(Enrolled + Strangers + Absent)];
        return new Cast(drawn[..(Enrolled + Strangers)], [.. drawn[..Enrolled], .. drawn[(Enrolled + Strangers)..]]);
    }

    /// <summary>The voice; <see langword="null"/> for people whose words stand too far apart for an enrolment.</summary>
    private static VoiceProfile? Enrol(PyanNet segmentation, WeSpeakerResNet34 embedder, Person person, bool telephone)
    {
        float[] samples = [.. person.Other.SelectMany(take => take.Read()).Take(MostEnrolled)];
        HeardSpeech heard = HeardVoices.Hear(segmentation, embedder, telephone ? VoiceTake.OverTelephone(samples) : samples, step: null);
        try
        {
            return new VoiceProfile(Guid.NewGuid(), person.Name, Embedder, [VoiceEnrolment.Exemplar(heard, person.Name, VoiceEnrolment.MinimumDuration, CancellationToken.None)]);
        }
        catch (EnrolmentException error)
        {
            Console.WriteLine(error.Message);
            return null;
        }
    }

    private static SetPlan Plan(bool telephone) => new("named", Enrolled + Strangers, Seconds) { Telephone = telephone, Turns = (1, 8) };

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Somebody with sessions to enrol from and others to speak in.</summary>
    private sealed record Person(string Source, string Name, VoiceTake[] Other, VoiceTake[] Found)
    {
        public VoiceProfile? WideBand { get; init; }

        public VoiceProfile? Telephone { get; init; }
    }

    /// <summary>Who speaks, and whose voices are known: the first of those who speak and others.</summary>
    private sealed record Cast(Person[] Present, Person[] Known);
}
