using System.Text;
using System.Text.Json;

namespace Diarist.Formats;

/// <summary>A JSON text whose errors name a line.</summary>
internal sealed class JsonSource
{
    private readonly string _source;
    private readonly byte[] _utf8;

    public JsonSource(TextReader reader, string source)
    {
        _source = source;
        _utf8 = Encoding.UTF8.GetBytes(reader.ReadToEnd().TrimStart('\uFEFF'));
    }

    /// <summary>Parses the text with <paramref name="parse"/>; what the parser throws becomes an error of the format.</summary>
    public T Parse<T>(Parser<T> parse)
    {
        var reader = new Utf8JsonReader(_utf8);
        try
        {
            T result = parse(ref reader);
            if (reader.Read())
            {
                throw Fail(reader, "the text goes on after its end");
            }

            return result;
        }
        catch (JsonException error)
        {
            string problem = error.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0];
            throw new AnnotationFormatException(_source, (int)(error.LineNumber ?? 0) + 1, $"this is not JSON: {problem}", error);
        }
        catch (InvalidOperationException error)
        {
            // A string with an invalid escape, such as half of a surrogate pair.
            throw new AnnotationFormatException(_source, LineOf(reader), "a string is not valid Unicode", error);
        }
    }

    /// <summary>Moves to the next token and checks what it is.</summary>
    public void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw Fail(reader, $"{what} was expected, and here is {reader.TokenType}");
        }
    }

    /// <summary>The next value as a string; null for JSON's null.</summary>
    public string? String(ref Utf8JsonReader reader, string member)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Null => null,
            _ => throw Fail(reader, $"\"{member}\" is not a string"),
        };
    }

    /// <summary>The next value as a time in seconds, a number or a string that holds one; null for JSON's null.</summary>
    public double? Seconds(ref Utf8JsonReader reader, string member)
    {
        reader.Read();
        string field = reader.TokenType switch
        {
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Null => "",
            _ => throw Fail(reader, $"\"{member}\" is not a time in seconds"),
        };
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        return (double)(AnnotationField.ParseSeconds(field)
            ?? throw Fail(reader, $"\"{member}\" is \"{field}\", which is not a number of seconds from 0 to {AnnotationField.MaximumSeconds:0}"));
    }

    /// <summary>The next value as a confidence, 0 to 1; null for JSON's null.</summary>
    public double? Confidence(ref Utf8JsonReader reader, string member)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double value) && value is >= 0 and <= 1
            ? value
            : throw Fail(reader, $"\"{member}\" is not a number from 0 to 1");
    }

    /// <summary>An interval, checked to run forwards.</summary>
    public TimeRange Range(ref Utf8JsonReader reader, double start, double end) =>
        end >= start ? new TimeRange(start, end) : throw Fail(reader, "the end lies before the start");

    /// <summary>The error that the text breaks its format where <paramref name="reader"/> stands.</summary>
    public AnnotationFormatException Fail(in Utf8JsonReader reader, string problem) => new(_source, LineOf(reader), problem);

    private int LineOf(in Utf8JsonReader reader) => 1 + _utf8.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');

    /// <summary>Reads one document.</summary>
    public delegate T Parser<T>(ref Utf8JsonReader reader);
}
