using Diarist.Audio;
using Diarist.Packs;

namespace Diarist.Formats;

public static partial class DiarizationJson
{
    private const double HalfMillisecond = 0.0005;
    private const int MostSpeakers = 1000;

    // The grid that turns of windowed segmentation begin and end on (docs/algorithms.md).
    private const double FrameStep = 270 / 16000.0;
    private const double FirstBoundary = 991 / 32000.0;

    /// <summary>
    /// Reads all that <see cref="Write"/> writes but identities and timing. Times have three decimals in the text; those that stand for a boundary of
    /// the segmentation's frames become that boundary, so that what is written again has the bytes of the first result.
    /// </summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">The name of the text, for error messages.</param>
    /// <returns>The result, and what the text says of the recording; <see cref="AudioInfo.Format"/> is empty.</returns>
    /// <exception cref="AnnotationFormatException">The text breaks the format; the error names the line.</exception>
    public static (Diarization Diarization, AudioInfo Source) Read(TextReader reader, string name)
    {
        JsonValue root = RootOf(reader, name);
        JsonValue source = ObjectOf(root, "source"), count = ObjectOf(root, "count");
        Turn[] turns = [.. TurnsOf(root, "turns").Select(OnGrid)];
        DiarizerOptions options = OptionsOf(ObjectOf(root, "recipe"), count);
        SpeakerSummary[] speakers = [.. root.ItemsOf("speakers").Take(MostSpeakers + 1).Select(speaker => SpeakerOf(speaker, turns))];
        HashSet<string> labels = [.. speakers.Select(speaker => speaker.Label)];
        if (speakers.Length > MostSpeakers || labels.Count < speakers.Length)
        {
            throw root.Error($"its \"speakers\" are more than {MostSpeakers}, or two have one label");
        }

        Turn[] exclusive = [.. TurnsOf(root, "exclusiveTurns").Select(OnGrid)];
        if (turns.Concat(exclusive).Any(turn => !labels.Contains(turn.Speaker)))
        {
            throw root.Error("a turn has a speaker that is not among the \"speakers\"");
        }

        int found = WholeOf(count, "found") ?? speakers.Length;
        var diarization = new Diarization
        {
            Turns = turns,
            ExclusiveTurns = exclusive,
            Speakers = speakers,
            Count = new SpeakerCountReport(found, found, options.Bounds, Required(count, "certainty"), IsTrue(count, "uncertain"), problem: null) { RunnerUp = WholeOf(count, "runnerUp") },
            Duration = Required(source, "seconds"),
            Recipe = options.Recipe,
            Options = options,
            Packs = [.. root.ItemsOf("packs").Select(PackOf)],
            Warnings = [.. root.ItemsOf("warnings").Select(warning => warning.Text())],
        };
        return (diarization, new AudioInfo(source.TextOf("name") ?? name, "", WholeOf(source, "rate") ?? 0, WholeOf(source, "channels") ?? 0, 0, Frames: null));
    }

    private static DiarizerOptions OptionsOf(JsonValue recipe, JsonValue count)
    {
        string recipeName = TextOf(recipe, "name");
        var options = new DiarizerOptions
        {
            Recipe = Recipe.Find(recipeName) ?? throw recipe.Error($"there is no recipe \"{recipeName}\""),
            Speakers = WholeOf(count, "requested"),
            MinimumSpeakers = WholeOf(count, "minimum"),
            MaximumSpeakers = WholeOf(count, "maximum"),
            Threshold = recipe.Has("threshold") ? recipe.NumberOf("threshold") : null,
            Precision = recipe.TextOf("precision") switch { "int8" => Precision.EightBit, "float32" => Precision.FloatingPoint, _ => Precision.Auto },
            MinimumDurationOn = Required(recipe, "minDurationOn"),
            MinimumDurationOff = Required(recipe, "minDurationOff"),
        };

        // A recipe without windows has no step to choose; the default is then written all the same.
        double step = Required(recipe, "step");
        options = step == options.Window.Step ? options : options with { Step = step };
        try
        {
            options.Validate();
        }
        catch (ArgumentException error)
        {
            throw recipe.Error(error.Message);
        }

        return options;
    }

    private static SpeakerSummary SpeakerOf(JsonValue speaker, Turn[] turns) =>
        SpeakerSummary.Of(TextOf(speaker, "label"), turns, IsTrue(speaker, "ghost"));

    private static LocatedPack PackOf(JsonValue pack)
    {
        string id = TextOf(pack, "id");
        return LocatedPack.Remembered(new PackDescription
        {
            Id = id,
            Title = PackCatalog.BuiltIn.Find(id)?.Title ?? id,
            Network = "",
            Purpose = "",
            License = TextOf(pack, "licence"),
            Attribution = TextOf(pack, "attribution"),
            Files = [.. pack.ItemsOf("files").Select(file => new PackFile { Name = TextOf(file, "name"), Variants = [new PackFileVariant { Sha256 = TextOf(file, "sha256"), Source = "", Revision = "" }] }).DistinctBy(file => file.Name)],
        });
    }

    private static Turn OnGrid(Turn turn) => turn with { Range = new TimeRange(OnGrid(turn.Start), OnGrid(turn.End)) };

    private static double OnGrid(double time)
    {
        double boundary = FirstBoundary + (Math.Round((time - FirstBoundary) / FrameStep) * FrameStep);
        return boundary >= 0 && Math.Abs(boundary - time) <= HalfMillisecond + 1e-9 ? boundary : time;
    }

    private static JsonValue ObjectOf(JsonValue value, string name) =>
        value.TryGet(name, out JsonValue member) ? member.RequireObject() : throw value.Error($"the object has no \"{name}\"");

    private static string TextOf(JsonValue value, string name) => value.RequireObject().TextOf(name) ?? throw value.Error($"the object has no \"{name}\"");

    private static double Required(JsonValue value, string name) =>
        value.Has(name) && value.NumberOf(name) is >= 0 and <= 1e8 and { } number ? number : throw value.Error($"the object has no \"{name}\", 0 or more");

    private static int? WholeOf(JsonValue value, string name) =>
        !value.Has(name) ? null : value.NumberOf(name) is { } number && number >= 0 && number <= int.MaxValue && number == Math.Floor(number) ? (int)number : throw value.Error($"its \"{name}\" is not a whole number");

    private static bool IsTrue(JsonValue value, string name) => value.TryGet(name, out JsonValue member) && member.Kind == System.Text.Json.JsonTokenType.True;
}
