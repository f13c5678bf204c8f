using System.Globalization;
using System.Text.Json;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>A value of a <see cref="JsonIndex"/>. Whatever it is not is reported with its place in the file.</summary>
internal readonly struct JsonValue(JsonIndex index, int node)
{
    /// <summary>The kind; none for the default value, which stands for an absent one.</summary>
    public JsonTokenType Kind => index is null ? JsonTokenType.None : index[node].Kind;

    /// <summary>The value's first byte.</summary>
    public int Start => index[node].Start;

    /// <summary>The first byte after the value.</summary>
    public int End => index[node].End;

    /// <summary>The first byte of the member name before the value; −1 when it has none.</summary>
    public int NameStart => index[node].Name;

    public bool IsObject => Kind == JsonTokenType.StartObject;

    public bool IsArray => Kind == JsonTokenType.StartArray;

    public bool IsNull => Kind == JsonTokenType.Null;

    public bool IsString => Kind == JsonTokenType.String;

    public bool IsNumber => Kind == JsonTokenType.Number;

    /// <summary>The name of the member that the value is.</summary>
    public string MemberName => Unescape(index[node].Name);

    /// <summary>The members of an object or the items of an array, in order.</summary>
    public IEnumerable<JsonValue> Children
    {
        get
        {
            for (int child = node + 1; child < index[node].Next; child = index[child].Next)
            {
                yield return new JsonValue(index, child);
            }
        }
    }

    /// <summary>The items, when the value is an array; otherwise an error.</summary>
    public IEnumerable<JsonValue> Items => IsArray ? Children : throw Error("an array was expected");

    public AnnotationFormatException Error(string problem) =>
        index.Error(Start, NameStart >= 0 ? $"`{MemberName}`: {problem}" : problem);

    /// <summary>The member of that name (the last one, as JSON readers have it); false when absent or null.</summary>
    public bool TryGet(string name, out JsonValue value)
    {
        value = default;
        bool found = false;
        if (IsObject)
        {
            foreach (JsonValue member in Children)
            {
                if (member.MemberIs(name))
                {
                    (value, found) = (member, !member.IsNull);
                }
            }
        }

        return found;
    }

    /// <summary>Whether the object has a member of that name that is an array.</summary>
    public bool HasArray(string name) => TryGet(name, out JsonValue value) && value.IsArray;

    /// <summary>Whether the object has the member and it is not null.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>The items of an array member; none when it is absent or null.</summary>
    public IEnumerable<JsonValue> ItemsOf(string name) => TryGet(name, out JsonValue value) ? value.Items : [];

    /// <summary>The object, or an error.</summary>
    public JsonValue RequireObject() => IsObject ? this : throw Error("an object was expected");

    /// <summary>A text; an error for every other kind.</summary>
    public string Text() => IsString ? Unescape(Start) : throw Error("a text was expected");

    /// <summary>A text member; null when absent.</summary>
    public string? TextOf(string name) => TryGet(name, out JsonValue value) ? value.Text() : null;

    /// <summary>A finite number, which may be written as a text; an error for everything else.</summary>
    public double Number()
    {
        ReadOnlySpan<byte> digits = Kind switch
        {
            JsonTokenType.Number => index.Bytes.AsSpan(Start, End - Start),
            JsonTokenType.String => index.Bytes.AsSpan(Start + 1, End - Start - 2),
            _ => throw Error("a number was expected"),
        };
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw Error("a finite number was expected");
    }

    /// <summary>A number member; null when absent.</summary>
    public double? NumberOf(string name) => TryGet(name, out JsonValue value) ? value.Number() : null;

    /// <summary>
    /// The interval between two number members, of which <paramref name="perSecond"/> are a second. Null when the start is
    /// absent; the instant of the start when only the end is; an error when it ends before it starts.
    /// </summary>
    public TimeRange? RangeOf(string start, string end, double perSecond = 1)
    {
        if (!TryGet(start, out JsonValue from))
        {
            return null;
        }

        double first = from.Number() / perSecond;
        if (!TryGet(end, out JsonValue to))
        {
            return new TimeRange(first, first);
        }

        double last = to.Number() / perSecond;
        return last >= first
            ? new TimeRange(first, last)
            : throw to.Error(string.Create(CultureInfo.InvariantCulture, $"it ends at {last} s, before it starts at {first} s"));
    }

    /// <summary>A label: a text, or a whole number as its digits; null when absent, empty or "?".</summary>
    public string? LabelOf(string name)
    {
        if (!TryGet(name, out JsonValue value))
        {
            return null;
        }

        string label = value.IsNumber ? value.Number().ToString(CultureInfo.InvariantCulture) : value.Text();
        return label is "" or "?" ? null : label;
    }

    private bool MemberIs(string name)
    {
        int start = NameStart + 1;
        ReadOnlySpan<byte> bytes = index.Bytes.AsSpan(start);
        if (bytes.Length > name.Length && bytes[name.Length] == (byte)'"')
        {
            for (int i = 0; i < name.Length; i++)
            {
                if (bytes[i] != name[i])
                {
                    return false;
                }
            }

            return true;
        }

        int end = bytes.IndexOfAny((byte)'"', (byte)'\\');
        return bytes[end] == (byte)'\\' && MemberName == name;
    }

    private string Unescape(int offset)
    {
        var reader = new Utf8JsonReader(index.Bytes.AsSpan(offset), isFinalBlock: false, state: default);
        reader.Read();
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw index.Error(offset, "the text has an escape that is no character", error);
        }
    }
}
