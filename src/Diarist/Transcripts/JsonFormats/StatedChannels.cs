using System.Globalization;
using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>The channels that a service states for what it recognized on each side of a call.</summary>
internal static class StatedChannels
{
    // Azure, Gladia, AssemblyAI and Speechmatics; Amazon; Google; ElevenLabs.
    private static readonly string[] Names = ["channel", "channel_label", "channelTag", "channel_tag", "channel_index"];

    /// <summary>The number that an object states: 1 of <c>1</c>, <c>"1"</c> or <c>"channel_1"</c>, as it stands; <see langword="null"/> when there is none.</summary>
    public static int? NumberOf(JsonValue item)
    {
        foreach (string name in Names)
        {
            if (item.TryGet(name, out JsonValue value) && (value.IsString || value.IsNumber) && item.LabelOf(name) is { } label)
            {
                string digits = label[(label.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1)..];
                return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
            }
        }

        return null;
    }

    /// <summary>
    /// Segments and words with their channels, where the file tells two or more apart: a single one may as well be a mix. Services count from 0 or from 1; where a 0 occurs,
    /// from 0.
    /// </summary>
    /// <param name="segments">The transcript.</param>
    /// <param name="places">The objects that stand for its segments and words.</param>
    /// <param name="owners">The object that each segment was read from, where it is another one.</param>
    /// <param name="known">The numbers of segments whose objects do not state them.</param>
    public static TranscriptSegment[] Apply(TranscriptSegment[] segments, IReadOnlyList<SpeakerSlot> places, IReadOnlyList<JsonValue?> owners, IReadOnlyDictionary<int, int> known)
    {
        // By segment and word; the word is −1 for the segment itself.
        var numbers = known.ToDictionary(pair => (Segment: pair.Key, Word: -1), pair => pair.Value);
        foreach (SpeakerSlot place in places.Where(place => place.Repeats is null && place.ListUpTo is null))
        {
            Add(place.Segment, place.Word, place.Object);
        }

        for (int i = 0; i < segments.Length; i++)
        {
            Add(i, -1, owners[i]);
        }

        if (numbers.Values.Distinct().Count() < 2)
        {
            return segments;
        }

        int toFirst = numbers.ContainsValue(0) ? 1 : 0;
        return [.. segments.Select((segment, i) => segment with
        {
            Channel = ChannelOf(i, -1),
            Words = [.. segment.Words.Select((word, at) => word with { Channel = ChannelOf(i, at) ?? ChannelOf(i, -1) })],
        })];

        void Add(int segment, int word, JsonValue? place)
        {
            if (place is { } item && NumberOf(item) is { } number)
            {
                numbers.TryAdd((segment, word), number);
            }
        }

        int? ChannelOf(int segment, int word) => numbers.TryGetValue((segment, word), out int number) ? number + toFirst : null;
    }
}
