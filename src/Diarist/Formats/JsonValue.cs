using System.Globalization;
using System.Text.Json;

namespace Diarist.Formats;

/// <summary>A value of a <see cref="JsonIndex"/>. Whatever it is not is reported with its place in the file.</summary>
internal readonly struct JsonValue(JsonIndex index, int node)
{
    private const double NanosecondsPerSecond = 1e9;
    private const int LongestEscape = 6;

    /// <summary>The value's number in the index.</summary>
    public int Node => node;

    /// <summary>The index that the value is of.</summary>
    public JsonIndex Index => index;

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

    public bool IsFalse => Kind == JsonTokenType.False;

    /// <summary>The name of the member that the value is.</summary>
    public string MemberName => JsonText.Read(index, index[node].Name);

    /// <summary>The members of an object or the items of an array, in order; without the items of a list of objects that are null.</summary>
    public IEnumerable<JsonValue> Children => IsArray && index.HasEmptyItems(node) ? AllChildren.Where(item => !item.IsNull) : AllChildren;

    /// <summary>The same with them.</summary>
    public IEnumerable<JsonValue> AllChildren
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

    /// <summary>Whether the object has a member of that name that is an array whose first item is an object.</summary>
    public bool HasObjects(string name) => TryGet(name, out JsonValue value) && value.IsArray && value.Children.FirstOrDefault().IsObject;

    /// <summary>Whether the object has a member of that name that is a text.</summary>
    public bool HasText(string name) => TryGet(name, out JsonValue value) && value.IsString;

    /// <summary>Whether the object has the member and it is not null.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>The items of an array member; none when it is absent or null.</summary>
    public IEnumerable<JsonValue> ItemsOf(string name) => TryGet(name, out JsonValue value) ? value.Items : [];

    /// <summary>The first item of an array member; null when there is none.</summary>
    public JsonValue? FirstOf(string name) => ItemsOf(name).Cast<JsonValue?>().FirstOrDefault();

    /// <summary>The object, or an error.</summary>
    public JsonValue RequireObject() => IsObject ? this : throw Error("an object was expected");

    /// <summary>A text; an error for every other kind.</summary>
    public string Text()
    {
        if (!IsString)
        {
            throw Error("a text was expected");
        }

        index.MarkRead(node);
        return JsonText.Read(index, Start);
    }

    /// <summary>A text member; null when absent.</summary>
    public string? TextOf(string name) => TryGet(name, out JsonValue value) ? value.Text() : null;

    /// <summary>A finite number, which may be written as a text; an error for everything else.</summary>
    public double Number() => Parsed() is { } number && double.IsFinite(number) ? number : throw Error("a finite number was expected");

    /// <summary>A number member; null when absent, NaN or infinite.</summary>
    public double? NumberOf(string name)
    {
        if (!TryGet(name, out JsonValue value))
        {
            return null;
        }

        double? number = value.Parsed();
        if (number is { } known && double.IsFinite(known))
        {
            return number;
        }

        value.Note(ReadingNote.NotANumber, "a finite number was expected");
        return null;
    }

    /// <summary>
    /// A time member in seconds, of which <paramref name="perSecond"/> units are one; null when it is absent or not usable.
    /// A negative time is 0. CHiME keeps the time of the session as <c>original</c> of an object.
    /// </summary>
    public double? TimeOf(string name, double perSecond = 1) =>
        !TryGet(name, out JsonValue value) ? null
        : value.IsObject && value.TryGet("original", out JsonValue original) ? original.Seconds(perSecond)
        : value.Seconds(perSecond);

    /// <summary>The value as a time; see <see cref="TimeOf"/>. Protocol buffers write times as objects of seconds and nanoseconds.</summary>
    public double? Seconds(double perSecond = 1)
    {
        if (IsNull)
        {
            return null;
        }

        double seconds = IsObject && (Has("seconds") || Has("nanos"))
            ? (NumberOf("seconds") ?? 0) + ((NumberOf("nanos") ?? 0) / NanosecondsPerSecond)
            : (Parsed() ?? double.NaN) / perSecond;
        if (!(seconds <= AnnotationField.MaximumSeconds) || double.IsNegativeInfinity(seconds))
        {
            Note(ReadingNote.NotANumber, double.IsFinite(seconds) ? $"it lies beyond {AnnotationField.MaximumSeconds:0} s" : "a finite number was expected");
            return null;
        }

        if (seconds < 0)
        {
            Note(ReadingNote.NegativeTime, string.Create(CultureInfo.InvariantCulture, $"the time {seconds} s is negative"));
        }

        return Math.Max(0, seconds);
    }

    /// <summary>
    /// The interval between two time members. Null when the start is absent; the instant of the start when the end is, or
    /// lies before it. Whether an object without both times has others is asked once the whole file is read.
    /// </summary>
    public TimeRange? RangeOf(string start, string end, double perSecond = 1)
    {
        double? first = TimeOf(start, perSecond);
        double? last = TimeOf(end, perSecond);
        if (first is null || last is null)
        {
            index.MarkUntimed(node);
            return first is { } instant ? new TimeRange(instant, instant) : null;
        }

        if (last < first)
        {
            TryGet(end, out JsonValue to);
            to.Note(ReadingNote.BackwardTime, string.Create(CultureInfo.InvariantCulture, $"it ends at {last} s, before it starts at {first} s"));
        }

        return new TimeRange(first.Value, Math.Max(first.Value, last.Value));
    }

    /// <summary>The interval from a start and a duration; see <see cref="RangeOf"/>.</summary>
    public TimeRange? RangeFrom(string start, string duration, double perSecond = 1)
    {
        double? first = TimeOf(start, perSecond);
        double? length = TryGet(duration, out JsonValue value) ? value.Parsed() / perSecond : null;
        if (first is null || length is null)
        {
            index.MarkUntimed(node);
            return first is { } instant ? new TimeRange(instant, instant) : null;
        }

        if (!(length >= 0 && first + length <= AnnotationField.MaximumSeconds))
        {
            value.Note(length < 0 ? ReadingNote.BackwardTime : ReadingNote.NotANumber, length < 0 ? "its duration is negative" : "a finite number was expected");
            length = 0;
        }

        return new TimeRange(first.Value, first.Value + length.Value);
    }

    /// <summary>A label: a text, or a number as its digits; null when absent, empty or "?".</summary>
    public string? LabelOf(string name)
    {
        string? label = NameOf(name);
        return string.IsNullOrWhiteSpace(label) || label == "?" ? null : label;
    }

    /// <summary>A name: a text as it stands, or a number as its digits; null when absent.</summary>
    public string? NameOf(string name) =>
        !TryGet(name, out JsonValue value) ? null : value.IsNumber ? value.Number().ToString(CultureInfo.InvariantCulture) : value.Text();

    /// <summary>Whether the member has that name.</summary>
    public bool MemberIs(string name)
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

        // A character is written in six bytes at most, so the names that are too long need not be decoded.
        bool escaped = false;
        for (int i = 0; bytes[i] != (byte)'"'; i += bytes[i] == (byte)'\\' ? 2 : 1)
        {
            escaped |= bytes[i] == (byte)'\\';
            if (i > LongestEscape * name.Length)
            {
                return false;
            }
        }

        return escaped && MemberName == name;
    }

    /// <summary>Notes something about the value.</summary>
    public void Note(ReadingNote kind, string problem)
    {
        JsonValue place = this;
        index.Notes.Add(kind, () => place.Error(problem));
    }

    /// <summary>The number, NaN and infinities included; null for an empty text and for words that stand for no number.</summary>
    private double? Parsed()
    {
        index.MarkRead(node);
        if (IsNumber)
        {
            return double.TryParse(index.Bytes.AsSpan(Start, End - Start), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;
        }

        string text = IsString ? JsonText.Read(index, Start).Trim() : throw Error("a number was expected");
        return text.ToUpperInvariant() is "" or "NAN" or "NONE" or "NULL" or "N/A" or "NA" or "INF" or "-INF" or "<NA>" ? null
            : ClockTime.TryParseAny(text, out double seconds) ? seconds
            : throw Error("a finite number was expected");
    }
}
