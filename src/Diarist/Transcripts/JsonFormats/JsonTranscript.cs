using Diarist.Attribution;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>A place in a JSON transcript that can take speaker members.</summary>
/// <param name="Object">The object that they are inserted into.</param>
/// <param name="Segment">Whose speaker: the segment's index.</param>
/// <param name="Word">And the word's index in it; −1 for the segment itself.</param>
internal readonly record struct SpeakerSlot(JsonValue Object, int Segment, int Word)
{
    /// <summary>
    /// Set when the object holds its words in parallel arrays rather than in objects: then the members are one array,
    /// <c>speaker_words</c>, over the segments from <see cref="Segment"/> up to and without this one.
    /// </summary>
    public int? ListUpTo { get; init; }
}

/// <summary>A transcript with the places of its JSON text that can take its speakers.</summary>
internal sealed record JsonTranscript(JsonIndex Json, Transcript Transcript, IReadOnlyList<SpeakerSlot> Slots);

/// <summary>Collects what a dialect reads.</summary>
internal sealed class JsonTranscriptBuilder(JsonIndex json)
{
    private readonly List<Draft> _segments = [];
    private readonly List<SpeakerSlot> _slots = [];

    /// <summary>The number of segments so far.</summary>
    public int Count => _segments.Count;

    /// <summary>The language as the recogniser named it.</summary>
    public string? Language { get; set; }

    /// <summary>Starts a segment; a null text means the text of its words.</summary>
    public void Segment(string? text, TimeRange? range, JsonValue? slot = null, string? speaker = null, string? recording = null)
    {
        _segments.Add(new Draft(text, range, speaker, recording));
        if (slot is { } place)
        {
            _slots.Add(new SpeakerSlot(place, _segments.Count - 1, -1));
        }
    }

    /// <summary>Adds a word, with the white space that its recogniser wrote around it, to the current segment; a blank one is left out.</summary>
    public void Word(string text, TimeRange? range, JsonValue? slot = null, double? confidence = null, string? speaker = null, bool joins = false)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        Draft segment = _segments[^1];
        segment.Spaced |= text.StartsWith(' ');
        segment.Words.Add((text, new Word(text.Trim(), range) { Confidence = confidence, Speaker = speaker, JoinsPrevious = joins }));
        if (slot is { } place)
        {
            Slot(place, _segments.Count - 1, segment.Words.Count - 1);
        }
    }

    /// <summary>Adds the words that tokens make; the objects in <paramref name="places"/>, one per token, stand for them.</summary>
    public void Tokens(IReadOnlyList<TimedToken> tokens, string? text, IReadOnlyList<JsonValue>? places)
    {
        List<(string Raw, Word Word)> words = _segments[^1].Words;
        foreach (var (word, first, count) in TimedTokens.ToWords(tokens, text))
        {
            words.Add((word.JoinsPrevious ? word.Text : " " + word.Text, word));
            _segments[^1].Spaced = true;
            for (int token = first; places is not null && token < first + count; token++)
            {
                Slot(places[token], _segments.Count - 1, words.Count - 1);
            }
        }
    }

    /// <summary>Adds a word to a given segment.</summary>
    public void WordIn(int segment, string text, TimeRange? range, JsonValue slot)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            _segments[segment].Words.Add((text, new Word(text.Trim(), range) { Speaker = slot.LabelOf("speaker") }));
            Slot(slot, segment, _segments[segment].Words.Count - 1);
        }
    }

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

    /// <summary>An object that can only take a list of the words of the segments from <paramref name="first"/> to the last one.</summary>
    public void ListSlot(JsonValue slot, int first) => _slots.Add(new SpeakerSlot(slot, first, -1) { ListUpTo = _segments.Count });

    /// <summary>The words of a segment so far.</summary>
    public IReadOnlyList<Word> WordsOf(int segment) => [.. _segments[segment].Words.Select(word => word.Word)];

    /// <summary>Everything that was collected.</summary>
    public JsonTranscript Build(string dialect)
    {
        TranscriptSegment[] built = [.. _segments.Select(segment => segment.Build())];
        var transcript = new Transcript(built) { Dialect = dialect, Language = Language, Turns = SpeakerTurns.From(built) };
        return new JsonTranscript(json, transcript, _slots);
    }

    private sealed record Draft(string? Text, TimeRange? Range, string? Speaker, string? Recording)
    {
        public List<(string Raw, Word Word)> Words { get; } = [];

        public bool Spaced { get; set; }

        public TranscriptSegment Build()
        {
            Word[] words = [.. Words.Select(word => word.Word)];
            if (Spaced)
            {
                words = [.. Words.Select((word, i) => word.Word with { JoinsPrevious = i > 0 && !word.Raw.StartsWith(' ') })];
            }
            else if (Text is not null)
            {
                words = WordSpacing.FromText(Text, words);
            }

            string text = Text?.Trim() ?? WordText.Join(words);
            return new TranscriptSegment(text, Range ?? WordText.Span(words), words) { Speaker = Speaker, Recording = Recording };
        }
    }
}
