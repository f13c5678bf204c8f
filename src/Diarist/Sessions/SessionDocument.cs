using System.Text.Json;
using System.Text.Json.Nodes;
using Diarist.Audio;
using Diarist.Identity;
using Diarist.Packs;

namespace Diarist.Sessions;

/// <summary>The entry <c>session.json</c>: everything but arrays and corrections.</summary>
internal sealed record SessionDocument(SessionRecording Recording, Diarization Kept, int StepSamples, int Windows, bool HasVoices, IReadOnlyDictionary<string, string> Names, string? Transcript)
{
    /// <summary>The name of the entry.</summary>
    public const string Entry = "session.json";

    private const string Schema = "diarist-session/1";

    /// <summary>The entry's bytes.</summary>
    public byte[] Write()
    {
        DiarizerOptions options = Kept.Options;
        AudioInfo info = Recording.Info;
        var root = new JsonObject
        {
            ["schema"] = Schema,
            ["source"] = new JsonObject
            {
                ["name"] = info.Name,
                ["format"] = info.Format,
                ["rate"] = info.SampleRate,
                ["channels"] = info.Channels,
                ["bits"] = info.BitsPerSample,
                ["frames"] = info.Frames,
                ["sampleSha256"] = Recording.SampleHash,
                ["seconds"] = Recording.Duration,
            },
            ["options"] = new JsonObject
            {
                ["recipe"] = Kept.Recipe.Name,
                ["speakers"] = options.Speakers,
                ["minimum"] = options.MinimumSpeakers,
                ["maximum"] = options.MaximumSpeakers,
                ["threshold"] = options.Threshold,
                ["minDurationOn"] = options.MinimumDurationOn,
                ["minDurationOff"] = options.MinimumDurationOff,
                ["precision"] = options.Precision.ToString(),
            },
            ["grid"] = new JsonObject { ["stepSamples"] = StepSamples, ["windows"] = Windows },
            ["voices"] = HasVoices,
            ["networks"] = new JsonArray([.. Kept.Packs.Select(Describe)]),
            ["warnings"] = new JsonArray([.. Kept.Warnings.Select(warning => (JsonNode)JsonValue.Create(warning)!)]),
            ["transcript"] = Transcript,
        };
        if (Kept.Identities.Count > 0)
        {
            root["identities"] = new JsonArray([.. Kept.Identities.Select(Describe)]);
        }

        if (!HasVoices)
        {
            root["names"] = new JsonObject(Names.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value))));
            root["turns"] = Turns(Kept.Turns);
            root["exclusiveTurns"] = Turns(Kept.ExclusiveTurns);
            root["count"] = new JsonObject { ["automatic"] = Kept.Count.Automatic, ["certainty"] = Kept.Count.Certainty, ["uncertain"] = Kept.Count.Uncertain };
            root["ghosts"] = new JsonArray([.. Kept.Speakers.Where(speaker => speaker.IsGhost).Select(speaker => (JsonNode)JsonValue.Create(speaker.Label)!)]);
        }

        return System.Text.Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    /// <summary>Reads the entry.</summary>
    /// <exception cref="SessionFormatException">It is damaged or of another version.</exception>
    public static SessionDocument Read(byte[] bytes, string path)
    {
        try
        {
            JsonObject root = JsonNode.Parse(bytes)!.AsObject();
            string schema = Text(root, "schema");
            if (schema != Schema)
            {
                throw new SessionFormatException(path, $"its schema is \"{schema}\"; this version reads \"{Schema}\". Open it with the version of Diarist that wrote it.");
            }

            JsonObject source = root["source"]!.AsObject(), options = root["options"]!.AsObject(), grid = root["grid"]!.AsObject();
            bool voices = root["voices"]!.GetValue<bool>();
            var info = new AudioInfo(Text(source, "name"), Text(source, "format"), source["rate"]!.GetValue<int>(), source["channels"]!.GetValue<int>(), source["bits"]!.GetValue<int>(), source["frames"]?.GetValue<long>());
            var recording = new SessionRecording(info, Text(source, "sampleSha256"), source["seconds"]!.GetValue<double>());
            var chosen = new DiarizerOptions
            {
                Recipe = Recipe.Find(Text(options, "recipe")) ?? throw new InvalidDataException("its recipe is not known"),
                Speakers = options["speakers"]?.GetValue<int>(),
                MinimumSpeakers = options["minimum"]?.GetValue<int>(),
                MaximumSpeakers = options["maximum"]?.GetValue<int>(),
                Threshold = options["threshold"]?.GetValue<double>(),
                MinimumDurationOn = options["minDurationOn"]!.GetValue<double>(),
                MinimumDurationOff = options["minDurationOff"]!.GetValue<double>(),
                Precision = Enum.Parse<Precision>(Text(options, "precision")),
                Step = grid["stepSamples"]!.GetValue<int>() / 16000.0,
            };
            chosen.Validate();
            HashSet<string> ghosts = [.. (root["ghosts"]?.AsArray() ?? []).Select(label => label!.GetValue<string>())];
            Turn[] turns = Turns(root["turns"]);
            SpeakerSummary[] speakers = [.. turns.Select(turn => turn.Speaker).Distinct().Select(label => SpeakerSummary.Of(label, turns, ghosts.Contains(label)))];
            JsonNode? count = root["count"];
            var kept = new Diarization
            {
                Turns = turns,
                ExclusiveTurns = Turns(root["exclusiveTurns"]),
                Speakers = speakers,
                Duration = recording.Duration,
                Recipe = chosen.Recipe,
                Options = chosen,
                Count = new SpeakerCountReport(speakers.Length, count?["automatic"]!.GetValue<int>() ?? 0, chosen.Bounds, count?["certainty"]!.GetValue<double>() ?? 0, count?["uncertain"]!.GetValue<bool>() ?? false, null),
                Packs = [.. root["networks"]!.AsArray().Select(pack => Pack(pack!.AsObject()))],
                Identities = [.. (root["identities"]?.AsArray() ?? []).Select(identity => Identity(identity!.AsObject()))],
                Warnings = [.. root["warnings"]!.AsArray().Select(warning => warning!.GetValue<string>())],
            };
            Dictionary<string, string> names = (root["names"]?.AsObject() ?? []).ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>(), StringComparer.Ordinal);
            return new SessionDocument(recording, kept, grid["stepSamples"]!.GetValue<int>(), grid["windows"]!.GetValue<int>(), voices, names, root["transcript"]?.GetValue<string>());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException or NullReferenceException or InvalidDataException or OverflowException)
        {
            throw new SessionFormatException(path, $"its {Entry} is damaged ({error.Message}); take an earlier copy.", error);
        }
    }

    private static JsonArray Turns(IReadOnlyList<Turn> turns) => new([.. turns.Select(turn => (JsonNode)new JsonArray(turn.Start, turn.End, turn.Speaker, turn.Confidence))]);

    private static Turn[] Turns(JsonNode? list) => [.. (list?.AsArray() ?? []).Select(turn =>
        new Turn(turn![0]!.GetValue<double>(), turn[1]!.GetValue<double>(), turn[2]!.GetValue<string>()) { Confidence = turn[3]?.GetValue<double>() })];

    private static JsonNode Describe(SpeakerIdentity identity) => new JsonObject
    {
        ["label"] = identity.Label,
        ["name"] = identity.Name,
        ["voice"] = identity.Voice?.ToString("N"),
        ["score"] = double.IsFinite(identity.Score) ? identity.Score : null,
        ["margin"] = identity.Margin,
        ["falseNames"] = identity.FalseNames,
        ["seconds"] = identity.SpeechDuration,
        ["channel"] = identity.Channel.ToString(),
    };

    private static SpeakerIdentity Identity(JsonObject identity) => new(Text(identity, "label"), identity["name"]?.GetValue<string>())
    {
        Voice = identity["voice"]?.GetValue<string>() is { } voice ? Guid.Parse(voice) : null,
        Score = identity["score"]?.GetValue<double>() ?? double.NegativeInfinity,
        Margin = identity["margin"]?.GetValue<double>(),
        FalseNames = identity["falseNames"]!.GetValue<double>(),
        SpeechDuration = identity["seconds"]!.GetValue<double>(),
        Channel = Enum.Parse<VoiceChannel>(Text(identity, "channel")),
    };

    private static JsonNode Describe(LocatedPack pack) => new JsonObject
    {
        ["id"] = pack.Pack.Id,
        ["title"] = pack.Pack.Title,
        ["network"] = pack.Pack.Network,
        ["purpose"] = pack.Pack.Purpose,
        ["licence"] = pack.Pack.License,
        ["attribution"] = pack.Pack.Attribution,
        ["files"] = new JsonObject(pack.Pack.RequiredFiles.Select(file => KeyValuePair.Create(file.Name, (JsonNode?)JsonValue.Create(pack.Variant(file.Name).Sha256)))),
    };

    private static LocatedPack Pack(JsonObject pack) => LocatedPack.Remembered(new PackDescription
    {
        Id = Text(pack, "id"),
        Title = Text(pack, "title"),
        Network = Text(pack, "network"),
        Purpose = Text(pack, "purpose"),
        License = Text(pack, "licence"),
        Attribution = Text(pack, "attribution"),
        Files = [.. pack["files"]!.AsObject().Select(file => new PackFile { Name = file.Key, Variants = [new PackFileVariant { Sha256 = file.Value!.GetValue<string>(), Source = "", Revision = "" }] })],
    });

    private static string Text(JsonObject value, string name) => value[name]?.GetValue<string>() ?? throw new InvalidDataException($"\"{name}\" is missing");
}
