using Diarist.Transcripts;

namespace Diarist.Attribution;

/// <summary>
/// Gives every word and segment of a transcript its speaker by arithmetic on intervals, after recognizer and diarizer have both ended.
/// A word belongs to the speaker with the longest summed overlap; ties go to the lower label (ordinal order). One speaker's overlapping
/// turns count once. A word that was recognized on a channel of its own goes to a turn of that channel where one overlaps it.
/// A word of length zero belongs to whoever speaks at that instant; one that ends before it starts counts as the instant of its start.
/// A word whose times are missing, NaN or infinite takes the speaker of the word before it (else after it) in its segment and is marked
/// approximate. The order of the turns never matters. The cost is linear in words and turns once both are sorted.
/// </summary>
public static class SpeakerAttribution
{
    /// <summary>Gives every segment and word of <paramref name="transcript"/> its speaker.</summary>
    /// <param name="transcript">The transcript; it is not changed.</param>
    /// <param name="turns">Who speaks when, in any order; empty, backward and NaN turns hold nothing.</param>
    /// <param name="policy">The rules; <see cref="AttributionPolicy.Nearest"/> when left out.</param>
    /// <exception cref="ArgumentException">An option of the policy is out of its range.</exception>
    public static AttributedTranscript Assign(Transcript transcript, IReadOnlyList<Turn> turns, AttributionPolicy? policy = null) =>
        Assign(transcript, new Assigner(turns, policy));

    /// <summary>
    /// Gives every segment and word of <paramref name="transcript"/> its speaker from a recording that was diarized here. What was heard beside the
    /// turns, such as how many windows hear a second speaker, makes the confidence of words better than turns alone can.
    /// </summary>
    /// <param name="transcript">The transcript; it is not changed.</param>
    /// <param name="diarization">Who speaks when.</param>
    /// <param name="policy">The rules; <see cref="AttributionPolicy.Nearest"/> when left out.</param>
    /// <exception cref="ArgumentException">An option of the policy is out of its range.</exception>
    public static AttributedTranscript Assign(Transcript transcript, Diarization diarization, AttributionPolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(diarization);
        return Assign(transcript, new Assigner(diarization.Turns, policy, diarization.Evidence, diarization.Probabilities)) with { Packs = diarization.Packs };
    }

    private static AttributedTranscript Assign(Transcript transcript, Assigner assigner)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        SpeakerChoice[] choices = assigner.Assign([.. transcript.Segments.SelectMany(Believed)], [.. transcript.Segments.Select(segment => segment.Words.Count)]);
        var segments = new AttributedSegment[transcript.Segments.Count];
        int next = 0;
        for (int i = 0; i < segments.Length; i++)
        {
            TranscriptSegment segment = transcript.Segments[i];
            Span<SpeakerChoice> own = choices.AsSpan(next, segment.Words.Count);
            next += own.Length;
            SpeakerChoice choice = assigner.Summarize(segment, own);
            var words = new AttributedWord[own.Length];
            for (int word = 0; word < words.Length; word++)
            {
                words[word] = new AttributedWord(segment.Words[word], own[word]);
            }

            segments[i] = new AttributedSegment(segment, choice, words);
        }

        return new AttributedTranscript(transcript, segments) { Warnings = TimeAxes.Compare(segments, assigner.Timeline) };
    }

    /// <summary>
    /// The words of a segment as the rules read them. They have no times where none of these lies in the segment: then its own range is believed. Where no
    /// word ends a sentence but the segment's text does, as from services that write words without punctuation, words get the marks of the text.
    /// </summary>
    private static IEnumerable<Word> Believed(TranscriptSegment segment)
    {
        IEnumerable<Word> words = segment.WordTimesHold ? segment.Words : segment.Words.Select(word => word with { Range = null });
        return WordText.HasSentenceMark(segment.Text) && !segment.Words.Any(word => WordText.EndsSentence(word.Text))
            ? words.Zip(TextPieces.Of(segment.Text, segment.Words, out _), (word, written) => WordText.EndsSentence(written) ? word with { Text = written } : word)
            : words;
    }

    /// <summary>Gives every word its speaker; the answer has the words' order.</summary>
    /// <param name="words">The words, in the order they are read in; times may come in any order.</param>
    /// <param name="turns">Who speaks when, in any order; empty, backward and NaN turns hold nothing.</param>
    /// <param name="policy">The rules; <see cref="AttributionPolicy.Nearest"/> when left out.</param>
    /// <exception cref="ArgumentException">An option of the policy is out of its range.</exception>
    public static IReadOnlyList<SpeakerChoice> Assign(IReadOnlyList<Word> words, IReadOnlyList<Turn> turns, AttributionPolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(words);
        return new Assigner(turns, policy).Assign(words, [words.Count]);
    }

    private sealed class Assigner
    {
        private readonly AttributionPolicy _policy;
        private readonly TurnTimeline _timeline;
        private readonly OverlapMeter _meter;
        private readonly Dictionary<int, OverlapMeter> _channels = [];
        private SpeakerChoice? _dominant;

        public Assigner(IReadOnlyList<Turn> turns, AttributionPolicy? policy, SpeakerEvidence? evidence = null, SpeakerProbabilities? probabilities = null)
        {
            ArgumentNullException.ThrowIfNull(turns);
            _policy = policy ?? AttributionPolicy.Nearest;
            _policy.Validate();
            _timeline = new TurnTimeline(turns);
            _meter = new OverlapMeter(_timeline, _policy, evidence, probabilities);
            ILookup<int, Turn> channels = turns.ToLookup(turn => turn.Channel);
            foreach (IGrouping<int, Turn> channel in channels.Count > 1 ? channels : Enumerable.Empty<IGrouping<int, Turn>>())
            {
                _channels[channel.Key] = new OverlapMeter(new TurnTimeline([.. channel], _timeline.Labels), _policy, evidence: null);
            }
        }

        /// <summary>The turns.</summary>
        public TurnTimeline Timeline => _timeline;

        /// <summary>One choice per word; words without times borrow only within the groups (segments) of the given sizes.</summary>
        public SpeakerChoice[] Assign(IReadOnlyList<Word> words, ReadOnlySpan<int> groups)
        {
            var speakers = new int[words.Count];
            var timed = new bool[words.Count];
            var certainties = new double[words.Count];
            for (int i = 0; i < words.Count; i++)
            {
                timed[i] = Ticks.TryFrom(words[i].Range, out long start, out long end);
                OverlapMeter meter = MeterFor(words[i].Channel, start, end);
                speakers[i] = timed[i] ? meter.Decide(start, end) : OverlapMeter.Nobody;
                certainties[i] = timed[i] ? meter.CertaintyOf(start, end, speakers[i]) : 0;
            }

            int first = 0;
            foreach (int size in groups)
            {
                Borrow(speakers.AsSpan(first, size), timed.AsSpan(first, size));
                first += size;
            }

            RunRules.Apply(words, speakers, certainties, groups, _policy);

            var choices = new SpeakerChoice[words.Count];
            for (int i = 0; i < words.Count; i++)
            {
                choices[i] = Ticks.TryFrom(words[i].Range, out long start, out long end)
                    ? Describe(words[i].Channel, start, end, speakers[i])
                    : Borrowed(speakers[i]);
            }

            return choices;
        }

        /// <summary>Who says most of the segment; fills in the words of a segment in which no word has a time.</summary>
        public SpeakerChoice Summarize(TranscriptSegment segment, Span<SpeakerChoice> words)
        {
            if (_timeline.IsEmpty)
            {
                return SpeakerChoice.Nobody;
            }

            if (segment.WordTimesHold && segment.Words.Any(word => Ticks.TryFrom(word.Range, out _, out _)))
            {
                return SegmentVote.Count(segment.Words, words, _policy.UncertainBelow);
            }

            SpeakerChoice choice = Ticks.TryFrom(segment.Range, out long start, out long end)
                ? Describe(segment.Channel, start, end, MeterFor(segment.Channel, start, end).Decide(start, end))
                : _dominant ??= _meter.Describe(_timeline.Start, _timeline.End, _meter.Decide(_timeline.Start, _timeline.End));
            if (choice.Speaker is not null)
            {
                choice = choice with { Approximate = true };
            }

            words.Fill(choice);
            return choice;
        }

        /// <summary>The turns that decide: those of the channel that the word was recognized on, where one of them holds some of it.</summary>
        private OverlapMeter MeterFor(int? channel, long start, long end) =>
            channel is { } stated && _channels.TryGetValue(stated, out OverlapMeter? own) && own.Holds(start, end) ? own : _meter;

        private SpeakerChoice Describe(int? channel, long start, long end, int speaker)
        {
            SpeakerChoice choice = _meter.Describe(start, end, speaker);
            OverlapMeter own = MeterFor(channel, start, end);

            // Who talks at the same time on another channel is no rival for a word that was heard on this one.
            return own == _meter ? choice : own.Describe(start, end, speaker) with { Overlapping = choice.Overlapping };
        }

        private SpeakerChoice Borrowed(int speaker) => speaker == OverlapMeter.Nobody
            ? SpeakerChoice.Nobody
            : new SpeakerChoice { Speaker = _timeline.Labels[speaker], Uncertain = _policy.UncertainBelow > 0, Approximate = true };

        private static void Borrow(Span<int> speakers, ReadOnlySpan<bool> timed)
        {
            int last = timed.IndexOf(true);
            for (int i = 0; i < speakers.Length && last >= 0; i++)
            {
                if (timed[i])
                {
                    last = i;
                }
                else
                {
                    speakers[i] = speakers[last];
                }
            }
        }
    }
}
