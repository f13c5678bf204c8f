using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Diarist.Formats;

/// <summary>
/// A JSON text (one value, or several one after the other) as the byte offsets of its values in the original bytes, so
/// that what is read can be annotated in place without rewriting anything else. Every reader of JSON files stands on it.
/// </summary>
internal sealed class JsonIndex
{
    private const int DeepestNesting = 256;

    private readonly List<Node> _nodes = [];
    private readonly List<int> _untimed = [];
    private readonly HashSet<int> _withEmptyItems = [];
    private bool[] _read = [];

    private JsonIndex(byte[] bytes, string name, ReadingNotes notes)
    {
        Bytes = bytes;
        Name = name;
        Notes = notes;
    }

    /// <summary>The text as it came, a byte order mark included.</summary>
    public byte[] Bytes { get; }

    /// <summary>The file as the user named it.</summary>
    public string Name { get; }

    /// <summary>What was put right while values were read.</summary>
    public ReadingNotes Notes { get; }

    /// <summary>The values at the top, in order; at least one.</summary>
    public IReadOnlyList<JsonValue> Roots { get; private set; } = [];

    /// <summary>The objects whose start or end was asked for and is not there.</summary>
    public IReadOnlyList<int> Untimed => _untimed;

    /// <summary>Indexes <paramref name="bytes"/>. Where the notes are tolerant, Python's NaN and Infinity, broken UTF-8 inside texts and a saved stream of events are read too.</summary>
    /// <exception cref="AnnotationFormatException">They are not JSON in UTF-8; the message has line and byte.</exception>
    public static JsonIndex Parse(byte[] bytes, string name, ReadingNotes notes)
    {
        var index = new JsonIndex(bytes, name, notes);
        if (notes.Strict)
        {
            Encodings.CheckUtf8(bytes, name, notes);
        }

        index.Read(notes.Strict ? bytes : JsonTolerance.Readable(bytes), Encodings.LengthOfMark(bytes));
        return index;
    }

    /// <summary>Indexes the text of a file that must hold exactly one JSON value; everything unusual is refused.</summary>
    /// <exception cref="AnnotationFormatException">It is not; the message has line and byte.</exception>
    public static JsonValue ParseOne(TextReader reader, string name)
    {
        JsonIndex index = Parse(Encoding.UTF8.GetBytes(reader.ReadToEnd()), name, new ReadingNotes(strict: true));
        return index.Roots.Count == 1 ? index.Roots[0] : throw index.Roots[1].Error("unexpected content after the JSON value");
    }

    internal Node this[int node] => _nodes[node];

    /// <summary>Whether a value was read as a number or a text.</summary>
    public bool WasRead(int node) => _read[node];

    /// <summary>Whether a list of objects has items that are null, which stand for nothing.</summary>
    public bool HasEmptyItems(int list) => _withEmptyItems.Contains(list);

    public void MarkRead(int node) => _read[node] = true;

    public void MarkUntimed(int node) => _untimed.Add(node);

    /// <summary>An error at a byte of the file.</summary>
    public AnnotationFormatException Error(int offset, string problem, Exception? cause = null) =>
        Encodings.Error(Bytes, Name, offset, problem, cause);

    /// <summary>The way to a value, such as <c>segments[3].start</c>.</summary>
    public string PathOf(int node)
    {
        var path = new StringBuilder();
        JsonValue at = Roots.Last(root => root.Node <= node);
        path.Append(Roots.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $"value {Roots.TakeWhile(root => root.Node < at.Node).Count() + 1}") : "");
        while (at.Node != node)
        {
            int place = 0;
            JsonValue next = at;
            foreach (JsonValue child in at.AllChildren.TakeWhile(child => child.Node <= node))
            {
                (next, place) = (child, place + 1);
            }

            path.Append(at.IsArray ? string.Create(CultureInfo.InvariantCulture, $"[{place - 1}]") : (path.Length > 0 ? "." : "") + next.MemberName);
            at = next;
        }

        return path.ToString();
    }

    private void Read(byte[] readable, int origin)
    {
        var options = new JsonReaderOptions { AllowMultipleValues = true, AllowTrailingCommas = !Notes.Strict, MaxDepth = DeepestNesting };
        var reader = new Utf8JsonReader(readable.AsSpan(origin), options);
        var open = new Stack<int>();
        var roots = new List<JsonValue>();
        int nameStart = -1;
        try
        {
            while (reader.Read())
            {
                int start = origin + (int)reader.TokenStartIndex;
                int end = origin + (int)reader.BytesConsumed;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        nameStart = start;
                        continue;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        int closed = open.Pop();
                        _nodes[closed] = _nodes[closed] with { End = end, Next = _nodes.Count };
                        continue;
                }

                if (open.Count == 0)
                {
                    roots.Add(new JsonValue(this, _nodes.Count));
                }

                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    open.Push(_nodes.Count);
                }

                _nodes.Add(new Node(reader.TokenType, start, end, nameStart, _nodes.Count + 1));
                nameStart = -1;
            }
        }
        catch (JsonException error)
        {
            int line = Encodings.StartOfLine(Bytes, origin, error.LineNumber ?? 0);
            throw Error(Math.Min(Bytes.Length, line + (int)(error.BytePositionInLine ?? 0)), Bare(error.Message, open.Count), error);
        }

        _read = new bool[_nodes.Count];
        FindEmptyItems();
        Roots = roots.Count > 0 ? roots : throw Error(origin, "the file is empty: JSON was expected");
    }

    /// <summary>Notes the items of lists of objects that are null; a null among numbers or texts keeps its place.</summary>
    private void FindEmptyItems()
    {
        for (int node = 0; node < _nodes.Count; node++)
        {
            JsonValue[] items = _nodes[node].Kind == JsonTokenType.StartArray ? [.. new JsonValue(this, node).AllChildren] : [];
            if (items.Any(item => item.IsNull) && items.Any(item => item.IsObject))
            {
                _withEmptyItems.Add(node);
                foreach (JsonValue empty in items.Where(item => item.IsNull))
                {
                    empty.Note(ReadingNote.EmptyItem, "the item is null");
                }
            }
        }
    }

    /// <summary>The reader's sentence without the position that follows it: ours counts from the start of the file.</summary>
    private static string Bare(string message, int depth)
    {
        if (depth >= DeepestNesting)
        {
            return string.Create(CultureInfo.InvariantCulture, $"this JSON nests deeper than {DeepestNesting} levels, deeper than any transcript");
        }

        int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return message.Contains("Expected depth to be zero", StringComparison.Ordinal)
            ? "this is not JSON: the file ends inside an object or a list"
            : "this is not JSON: " + (position < 0 ? message : message[..position]).Replace(" Change the reader options.", "", StringComparison.Ordinal).Replace(" in this mode", "", StringComparison.Ordinal).TrimEnd();
    }

    /// <summary>
    /// One value: its kind, its bytes [Start, End), the offset of its member name (−1 outside objects), and the index of
    /// the first node after it and everything in it.
    /// </summary>
    internal readonly record struct Node(JsonTokenType Kind, int Start, int End, int Name, int Next);
}
