using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// Looks for the transcript inside an object that is in no dialect itself, such as a service's answer around it
/// (<c>{"result": {"segments": […]}}</c>, <c>{"data": [{"start": …}]}</c>). The nearest level that holds one counts. Items under keys of one object
/// (<c>{"0": {"start": …}, "1": …}</c>) are a list.
/// </summary>
internal static class WrappedJson
{
    private const int DeepestLevel = 6;

    /// <summary>The values of the one transcript inside, and the text of the whole that stands beside it; null when there is none.</summary>
    /// <param name="top">The object.</param>
    /// <param name="isTranscript">Whether a value is in a dialect, or an item of a list.</param>
    /// <exception cref="AnnotationFormatException">There are several that are not the same text; the message has their paths.</exception>
    public static (IReadOnlyList<JsonValue> Values, JsonValue Owner)? Find(JsonValue top, Func<JsonValue, bool> isTranscript)
    {
        List<JsonValue> level = [top];
        for (int depth = 0; depth < DeepestLevel && level.Count > 0; depth++)
        {
            JsonValue[] next = [.. level.SelectMany(value => value.Children).Where(child => child.IsObject || child.IsArray)];
            JsonValue[] found = [.. next.Where(child => child.IsArray ? child.Children.FirstOrDefault() is { IsObject: true } first && isTranscript(first) : isTranscript(child))];
            if (found.Length > 1 && found.All(BareListJson.IsItem) && level.Find(owner => owner.Start < found[0].Start && owner.End >= found[^1].End) is { IsObject: true } keyed)
            {
                return (found, keyed);
            }

            if (found.Length > 0)
            {
                JsonValue one = OnlyOne(found);
                return (one.IsArray ? [.. one.Children] : [one], level.Last(owner => owner.Start < one.Start && owner.End >= one.End));
            }

            level = [.. next];
        }

        return null;
    }

    /// <summary>Lists that say the same, such as sentences beside words, are one; that with the fewest items has the most to say of each.</summary>
    private static JsonValue OnlyOne(JsonValue[] found)
    {
        JsonValue best = found.MinBy(value => value.Children.Count());
        string said = Letters(best);
        return found.Length == 1 || (said.Length > 0 && found.All(value => value.IsArray && Letters(value) == said)) ? best
            : throw found[1].Error($"the file holds several transcripts ({string.Join(", ", found.Take(5).Select(value => value.Index.PathOf(value.Node)))}); give them one by one");
    }

    private static string Letters(JsonValue list) =>
        string.Concat(list.Children.Where(item => item.IsObject).SelectMany(item => (JsonItem.TextOf(item) ?? "").Where(char.IsLetterOrDigit))).ToUpperInvariant();
}
