namespace Diarist.Transcripts.JsonFormats;

/// <summary>A shape in which a family of tools writes transcripts as JSON.</summary>
internal abstract class JsonDialect
{
    /// <summary>Every dialect, the most particular shape first.</summary>
    public static IReadOnlyList<JsonDialect> All { get; } =
    [
        new WhisperCppJson(), new DeepgramJson(), new AwsJson(), new QwenJson(), new MoonshineJson(), new OffsetsJson(),
        new ChunksJson(), new NemoJson(), new SherpaOnnxJson(), new VoskJson(), new WhisperJson(), new BareListJson(), new PlainTextJson(),
    ];

    /// <summary>Whether a value of the file (its first, or the first item of a list that is the whole file) has the shape.</summary>
    public abstract bool Recognises(JsonValue value);

    /// <summary>Adds what one value holds and says which dialect of the family it is in.</summary>
    public abstract string Read(JsonValue value, JsonTranscriptBuilder into);

    /// <summary>Reads a file in whichever dialect it is.</summary>
    /// <exception cref="AnnotationFormatException">No dialect has the shape, or a value breaks it.</exception>
    public static JsonTranscript ReadAny(JsonIndex json)
    {
        JsonValue first = json.Roots[0];
        IReadOnlyList<JsonValue> values = json.Roots;
        JsonDialect? dialect = All.FirstOrDefault(candidate => candidate.Recognises(first));
        if (dialect is null && json.Roots.Count == 1 && first.IsArray)
        {
            values = [.. first.Children];
            dialect = values.Count > 0 ? All.FirstOrDefault(candidate => candidate.Recognises(values[0])) : new BareListJson();
        }

        if (dialect is null)
        {
            throw first.Error("this JSON is no transcript that is known here; docs/transcripts.md lists the dialects");
        }

        var builder = new JsonTranscriptBuilder(json);
        string name = "";
        foreach (JsonValue value in values)
        {
            if (value.IsArray == first.IsArray && values.Count > 1 && !value.IsObject)
            {
                throw value.Error("an object like the first one was expected");
            }

            name = dialect.Read(value, builder);
        }

        return builder.Build(name);
    }
}
