using System.Globalization;
using System.Text;
using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Transcripts.TextFormats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>Collects what a dialect reads.</summary>
internal sealed class JsonTranscriptBuilder(JsonIndex json, TranscriptReading reading)
{
    private readonly List<Draft> _segments = [];
    private readonly List<SpeakerSlot> _slots = [];
    private readonly List<Turn> _turns = [];
    private readonly List<(string Text, JsonValue Owner)> _whole = [];
    private readonly Dictionary<int, int> _channels = [];
    private readonly StringBuilder _deltas = new();
    private JsonValue? _deltaOwner;
    private JsonValue? _partial;
    private double? _lastKey;
    private string _reason = "";

    /// <summary>The number of segments so far.</summary>
    public int Count => _segments.Count;

    /// <summary>The language as the recognizer named it.</summary>
    public string? Language { get; set; }

    /// <summary>How the file is to be read.</summary>
    public TranscriptReading Reading => reading;

    /// <summary>Starts a segment; a null text means the text of its words. <paramref name="owner"/> is what was read, when that is not what takes members.</summary>
    public void Segment(string? text, TimeRange? range, JsonValue? slot = null, string? speaker = null, string? recording = null, JsonValue? owner = null)
    {
        _segments.Add(new Draft(text is null ? null : Clean(text, slot ?? owner), range, speaker, recording, owner ?? slot));
        if (slot is { } place)
        {
            _slots.Add(new SpeakerSlot(place, _segments.Count - 1, -1));
        }
    }

    /// <summary>Adds a word, with the white space that its recognizer wrote around it, to the current segment; a blank one is left out.</summary>
    public void Word(string text, TimeRange? range, JsonValue? slot = null, double? confidence = null, string? speaker = null, bool joins = false) =>
        WordIn(_segments.Count - 1, text, range, slot, confidence, speaker, joins);

    /// <summary>Adds a word to a given segment.</summary>
    public void WordIn(int segment, string text, TimeRange? range, JsonValue? slot, double? confidence = null, string? speaker = null, bool joins = false)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        Draft draft = _segments[segment];
        draft.Spaced |= text.StartsWith(' ');
        draft.Words.Add((text, new Word(Clean(text, slot).Trim(), range) { Confidence = confidence, Speaker = speaker, JoinsPrevious = joins }));
        if (slot is { } place)
        {
            Slot(place, segment, draft.Words.Count - 1);
        }
    }

    /// <summary>Adds the words that tokens make; the objects in <paramref name="places"/>, one per token, stand for them.</summary>
    public void Tokens(IReadOnlyList<TimedToken> tokens, string? text, IReadOnlyList<JsonValue>? places)
    {
        List<(string Raw, Word Word)> words = _segments[^1].Words;
        foreach (var (word, first, count) in TimedTokens.ToWords(tokens, text))
        {
            words.Add((word.JoinsPrevious ? word.Text : " " + word.Text, word with { Text = Clean(word.Text, places?[first]), Speaker = places is null ? null : JsonItem.SpeakerOf(places[first]) }));
            _segments[^1].Spaced = true;
            for (int token = first; places is not null && token < first + count; token++)
            {
                Slot(places[token], _segments.Count - 1, words.Count - 1);
            }
        }
    }

    /// <summary>Adds items that may be words or segments; the whole list decides, unless the reading does.</summary>
    public void Items(string? whole, IReadOnlyList<(JsonValue Place, string Text, TimeRange? Range, double? Confidence)> items, bool? segments = null)
    {
        bool apart = segments ?? ItemKind.AreSegments([.. items.Select(item => (item.Text, item.Range))], reading.Items, out _reason);
        if (segments is not null && reading.Items != TranscriptItems.Automatic)
        {
            (apart, _reason) = (reading.Items == TranscriptItems.Segments, "as asked");
        }

        if (!apart)
        {
            Segment(whole, null);
        }

        foreach (var (place, text, range, confidence) in items)
        {
            if (apart)
            {
                Segment(text, range, place, JsonItem.SpeakerOf(place));
            }
            else
            {
                Word(text, range, place, confidence, JsonItem.SpeakerOf(place));
            }
        }

        if (apart && whole is not null && items.Count > 0)
        {
            Whole(whole, items[0].Place);
        }
    }

    /// <summary>The text of the whole file, which its parts must not fall short of.</summary>
    public void Whole(string text, JsonValue owner) => _whole.Add((SpecialTokens.Without(text), owner));

    /// <summary>A piece of a text that comes bit by bit: it is what there is when nothing better follows.</summary>
    public void Delta(string text, JsonValue owner)
    {
        _deltas.Append(text);
        _deltaOwner ??= owner;
    }

    /// <summary>A partial result, which a final one repeats: it is left out, as long as there are final ones.</summary>
    public void Partial(JsonValue owner) => _partial ??= owner;

    /// <summary>Takes back the last segment if it was given under the same key: a result that comes again with more in it.</summary>
    public void TakeBack(double key)
    {
        if (_lastKey == key && _segments.Count > 0)
        {
            _segments.RemoveAt(_segments.Count - 1);
            _slots.RemoveAll(slot => slot.Segment == _segments.Count);
        }

        _lastKey = key;
    }

    /// <summary>Says on which channel the current segment was recognized, where that does not stand in its own object.</summary>
    public void Channel(int number) => _channels[_segments.Count - 1] = number;

    /// <summary>Turns that the file names apart from its texts.</summary>
    public void Turn(TimeRange range, string speaker) => _turns.Add(new Turn(range, speaker));

    /// <summary>The segment, from <paramref name="first"/> on, in which a word begins: the first that ends after its start.</summary>
    public int SegmentAt(int first, TimeRange? range)
    {
        while (range is { } said && first < _segments.Count - 1 && _segments[first].Range?.End <= said.Start)
        {
            first++;
        }

        return first;
    }

    /// <summary>An object that stands for a given word.</summary>
    public void Slot(JsonValue slot, int segment, int word) => _slots.Add(new SpeakerSlot(slot, segment, word));

    /// <summary>An object that repeats what is said in an interval.</summary>
    public void Repeats(JsonValue slot, TimeRange range) => _slots.Add(new SpeakerSlot(slot, 0, -1) { Repeats = range });

    /// <summary>An object that can only take a list of the words of the segments from <paramref name="first"/> to the last one.</summary>
    public void ListSlot(JsonValue slot, int first) => _slots.Add(new SpeakerSlot(slot, first, -1) { ListUpTo = _segments.Count });

    /// <summary>The words of a segment so far.</summary>
    public int WordCount(int segment) => _segments[segment].Words.Count;

    /// <summary>The text and the range of a segment.</summary>
    public (string? Text, TimeRange? Range) At(int segment) => (_segments[segment].Text, _segments[segment].Range);

    /// <summary>Everything that was collected.</summary>
    public JsonTranscript Build(string dialect)
    {
        if (_segments.Count == 0 && _deltas.Length > 0)
        {
            Segment(_deltas.ToString(), null, _deltaOwner);
        }

        if (_segments.Count == 0 && _partial is { } partial)
        {
            throw partial.Error("the file holds only partial results, no final ones");
        }

        TranscriptSegment[] built = StatedChannels.Apply([.. _segments.Select(Finish)], _slots, [.. _segments.Select(draft => draft.Owner)], _channels);
        RefuseUnreadTimes(built);
        CompareWithWhole(built);
        Turn[] turns = [.. SpeakerTurns.From(built), .. _turns];
        var transcript = new Transcript(built) { Dialect = dialect, Language = Language, Turns = turns };
        int words = built.Sum(segment => segment.Words.Count);
        string readAs = string.Create(CultureInfo.InvariantCulture, $"{dialect}, {built.Length} segments, {words} words{(_reason.Length > 0 ? $" ({_reason})" : "")}");
        return new JsonTranscript(json, transcript, _slots, readAs);
    }

    private static int Letters(string text) => text.Count(char.IsLetterOrDigit);

    private TranscriptSegment Finish(Draft draft)
    {
        TranscriptSegment segment = draft.Build();
        if (segment.WordTimesHold)
        {
            return segment;
        }

        json.Notes.Add(ReadingNote.ContradictedTimes, () => json.Error(draft.Owner?.Start ?? 0, $"the segment at {draft.Range}"));
        return segment with { Words = [.. segment.Words.Select(word => word with { Range = null })] };
    }

    /// <summary>Without tokens that are no words, and with U+FFFD for control characters, which no format can carry.</summary>
    private string Clean(string text, JsonValue? place)
    {
        text = SpecialTokens.Without(text);
        if (!PlainText.HasControls(text))
        {
            return text;
        }

        json.Notes.Add(ReadingNote.BrokenText, () => json.Error(place?.Start ?? 0, "the text has control characters"));
        return PlainText.WithoutControls(text);
    }

    /// <summary>Where a text got no times, or only a start, nothing in its object may look like times that were not read.</summary>
    private void RefuseUnreadTimes(TranscriptSegment[] built)
    {
        foreach (Draft draft in _segments.Where((draft, i) => draft.Owner is not null && built[i].Range is null))
        {
            if (draft.Text?.Split('\n').Any(line => TimedLines.Is(line) || (CueTime.TryRead(line, out CueTime cue) && cue.IsWhole)) == true)
            {
                throw draft.Owner!.Value.Error("its text holds captions or lines with times, which are not read inside JSON; save that text as a file of its own");
            }
        }

        JsonValue[] untimed = [.. _segments.Where((draft, i) => draft.Owner is not null && built[i].Range is null && built[i].Text.Length > 0).Select(draft => draft.Owner!.Value)];
        foreach (JsonValue place in untimed.Concat(json.Untimed.Select(node => new JsonValue(json, node))))
        {
            if (UnreadTimes.First(place) is { } unread)
            {
                throw unread.Error($"`{json.PathOf(unread.Node)}` looks like a time that is not read here, and the text beside it would lose its times; {TranscriptDialects.Known}");
            }
        }

        if (UnreadTimes.Growing(untimed) is { } growing)
        {
            throw growing.Error($"`{json.PathOf(growing.Node)}` grows from text to text like a time and is not read here, and the texts would lose their times; {TranscriptDialects.Known}");
        }

        if (built.Length > 1 && built.All(segment => segment.Range is null) && json.Notes.First(ReadingNote.NotANumber) is { } number)
        {
            throw json.Error(_segments[0].Owner?.Start ?? 0, $"no time of the file can be used ({number}); they must count seconds from the start of the recording");
        }

        if (built.Any(segment => segment.Range is null && segment.Text.Length > 0))
        {
            foreach (Draft draft in _segments.Where((draft, i) => built[i].Range is null && built[i].Text.Length > 0))
            {
                json.Notes.Add(ReadingNote.UntimedText, () => json.Error(draft.Owner?.Start ?? 0, "the text has no times"));
            }
        }
    }

    /// <summary>A file whose parts hold less than its whole text, beyond differences of spelling, has lost some.</summary>
    private void CompareWithWhole(TranscriptSegment[] built)
    {
        if (_whole.Count == 0)
        {
            return;
        }

        int whole = _whole.Sum(text => Letters(text.Text));
        int parts = built.Sum(segment => Letters(segment.Text));
        JsonValue owner = _whole[0].Owner;
        if (parts * 50L < whole * 49L)
        {
            throw owner.Error($"the text of the whole file has {whole} letters and its parts only {parts}: parts are missing, or the text is outdated and should be removed");
        }
    }

    private sealed record Draft(string? Text, TimeRange? Range, string? Speaker, string? Recording, JsonValue? Owner)
    {
        public List<(string Raw, Word Word)> Words { get; } = [];

        public bool Spaced { get; set; }

        public TranscriptSegment Build()
        {
            Word[] words = [.. Words.Select(word => word.Word)];
            bool hasText = !string.IsNullOrWhiteSpace(Text);
            if (Spaced)
            {
                words = [.. Words.Select((word, i) => word.Word with { JoinsPrevious = i > 0 && !word.Raw.StartsWith(' ') })];
            }
            else if (hasText)
            {
                words = WordSpacing.FromText(Text!, words);
            }
            else
            {
                words = WordSpacing.FromScript(words);
            }

            string text = hasText ? Text!.Trim() : WordText.Join(words);
            return new TranscriptSegment(text, Range ?? WordText.Span(words), words) { Speaker = Speaker, Recording = Recording };
        }
    }
}
