using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>A shape in which a family of tools writes transcripts as JSON.</summary>
internal abstract class JsonDialect
{
    /// <summary>The dialects whose shape no other has, the most particular first.</summary>
    private static readonly JsonDialect[] Particular =
    [
        new WhisperCppJson(), new GladiaJson(), new DeepgramJson(), new AwsJson(), new LiveEventsJson(), new SpeechmaticsJson(), new WatsonJson(), new GoogleJson(), new AzureJson(), new RevAiJson(),
        new EventStreamJson(), new FunAsrJson(), new ElevenLabsJson(), new AssemblyAiJson(), new WhisperNetJson(), new QwenJson(), new MoonshineJson(), new OffsetsJson(),
        new ChunksJson(), new NemoJson(), new SherpaOnnxJson(), new SentencesJson(), new TokensJson(), new YouTubeJson(), new AlignerJson(),
    ];

    /// <summary>The dialects with a shape that an item of a list may have as well.</summary>
    private static readonly JsonDialect[] General = [new VoskJson(), new WhisperJson(), new PlainTextJson()];

    /// <summary>Whether a value of the file (its first, or the first item of a list that is the whole file) has the shape.</summary>
    public abstract bool Recognizes(JsonValue value);

    /// <summary>Whether a value behind the first may belong to the same file.</summary>
    public virtual bool Continues(JsonValue value) => Recognizes(value);

    /// <summary>Adds what one value holds and says which dialect of the family it is in.</summary>
    public abstract string Read(JsonValue value, JsonTranscriptBuilder into);

    /// <summary>Reads a file in whichever dialect it is.</summary>
    /// <exception cref="AnnotationFormatException">No dialect has the shape, or a value breaks it.</exception>
    public static JsonTranscript ReadAny(JsonIndex json, TranscriptReading reading)
    {
        JsonValue top = json.Roots[0];
        bool list = json.Roots.Count == 1 && top.IsArray;
        IReadOnlyList<JsonValue> values = list ? [.. top.Children] : json.Roots;
        var builder = new JsonTranscriptBuilder(json, reading);
        if (values.Count == 0)
        {
            return builder.Build("list");
        }

        return ReadValues(top, values, builder);
    }

    private static JsonTranscript ReadValues(JsonValue top, IReadOnlyList<JsonValue> values, JsonTranscriptBuilder builder)
    {
        JsonValue first = values[0];
        JsonDialect? dialect = Particular.FirstOrDefault(candidate => candidate.Recognizes(first));
        if (dialect is null)
        {
            if (BareListJson.IsItem(first))
            {
                return builder.Build(BareListJson.Read(values, builder));
            }

            dialect = General.FirstOrDefault(candidate => candidate.Recognizes(first)) ?? Later(values);
            if ((dialect is null or PlainTextJson) && values.Count == 1 && WrappedJson.Find(first, IsTranscript) is { } inner)
            {
                return ReadInner(inner.Values, inner.Owner, builder);
            }

            dialect = dialect ?? throw top.Error(ServiceAnswer.Describe(first) ?? $"unrecognized transcript format; {TranscriptDialects.Known}");
        }

        string name = "";
        foreach (JsonValue value in values)
        {
            JsonDialect? own = dialect.Continues(value) ? dialect : Particular.Concat(General).FirstOrDefault(candidate => candidate.Recognizes(value));
            if (own is null)
            {
                throw value.Error("a value like the first one was expected: an object with a `text` or what its dialect has");
            }

            string read = own.Read(value, builder);
            name = own == dialect || name.Length == 0 ? read : name;
        }

        return builder.Build(name);
    }

    /// <summary>Reads what stands in a wrapper; the wrapper's own text, if it has one, is the whole that the parts must make up.</summary>
    private static JsonTranscript ReadInner(IReadOnlyList<JsonValue> values, JsonValue owner, JsonTranscriptBuilder builder)
    {
        foreach (string name in (string[])["text", "transcript"])
        {
            if (owner.HasText(name))
            {
                builder.Whole(owner.TextOf(name)!, owner);
            }
        }

        return ReadValues(owner, values, builder);
    }

    /// <summary>The dialect of a stream whose first event says nothing: that of a later one, where it may begin so.</summary>
    private static JsonDialect? Later(IReadOnlyList<JsonValue> values) =>
        values.Skip(1).Select(value => Particular.Concat(General).FirstOrDefault(candidate => candidate.Recognizes(value))).FirstOrDefault(dialect => dialect is not null) is { } later
        && later.Continues(values[0]) ? later : null;

    private static bool IsTranscript(JsonValue value) =>
        value.IsObject && (Particular.Any(candidate => candidate.Recognizes(value)) || BareListJson.IsItem(value) || General.Any(candidate => candidate is not PlainTextJson && candidate.Recognizes(value)));
}
