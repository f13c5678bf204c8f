using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Diarist.Transcripts;

namespace Diarist.Tests.Transcripts;

public class MalformedTranscriptTests
{
    private static readonly TranscriptReading Strict = new() { Strict = true };

    public static TheoryData<string> All => [.. TranscriptFixtures.All];

    public static TheoryData<string> Json => [.. TranscriptFixtures.Json];

    [Theory]
    [MemberData(nameof(Json))]
    public void JSON_cut_anywhere_is_an_error_with_its_place(string file)
    {
        byte[] bytes = TranscriptFixtures.Bytes(file);
        int end = Encoding.UTF8.GetString(bytes).TrimEnd().Length;
        string text = Encoding.UTF8.GetString(bytes);
        foreach (int cut in Cuts(end))
        {
            // Between two values of a file of several the rest is a whole file.
            if (!IsWhole(text[..cut]))
            {
                var error = Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(bytes[..cut], file));
                Assert.Matches(@"^\S+: line \d+: byte \d+: ", error.Message);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_broken_byte_is_an_error_at_that_byte(string file)
    {
        byte[] bytes = TranscriptFixtures.Bytes(file);
        foreach (int at in Cuts(bytes.Length).Where(at => at > 0 && bytes[at] < 0x80))
        {
            byte[] broken = [.. bytes];
            broken[at] = 0xC3;
            var error = Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(broken, file, Strict));
            Assert.Contains($"byte {at}: byte 0xC3 is not UTF-8", error.Message, StringComparison.Ordinal);
            Assert.Equal(1 + bytes.AsSpan(0, at).Count((byte)'\n'), error.Line);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Bytes_lost_or_doubled_anywhere_never_crash_the_reader(string file)
    {
        byte[] bytes = TranscriptFixtures.Bytes(file);
        var random = new Random(11);
        for (int run = 0; run < 150; run++)
        {
            int at = random.Next(bytes.Length);
            int length = Math.Min(random.Next(1, 12), bytes.Length - at);
            byte[] damaged = run % 2 == 0 ? [.. bytes[..at], .. bytes[(at + length)..]] : [.. bytes[..(at + length)], .. bytes[at..]];
            try
            {
                TranscriptDocument document = TranscriptDocument.Read(damaged, file);
                if (document.IsJson)
                {
                    document.Annotate(Diarist.Attribution.SpeakerAttribution.Assign(document.Transcript, [new(0, 3, "A")]), overwrite: true);
                }
            }
            catch (InputException)
            {
            }
        }
    }

    [Theory]
    [MemberData(nameof(Json))]
    public void A_value_of_another_kind_is_an_error_with_its_place_or_leaves_the_rest_whole(string file)
    {
        foreach (string json in Encoding.UTF8.GetString(TranscriptFixtures.Bytes(file)).Split("}\n{", 2)[..1])
        {
            if (!IsWhole(json))
            {
                continue;
            }

            int leaves = Leaves(JsonNode.Parse(json)!).Count;
            for (int leaf = 0; leaf < Math.Min(leaves, 60); leaf++)
            {
                foreach (string wrong in (string[])["[1]", "{\"a\":{}}", "true", "\"x\"", "-7", "null"])
                {
                    JsonNode root = JsonNode.Parse(json)!;
                    (JsonNode parent, string? name, int index) = Leaves(root)[leaf];
                    Replace(parent, name, index, JsonNode.Parse(wrong));
                    byte[] bytes = Encoding.UTF8.GetBytes(root.ToJsonString());
                    try
                    {
                        TranscriptDocument.Read(bytes, file);
                    }
                    catch (AnnotationFormatException error)
                    {
                        Assert.Matches(@"^\S+: line \d+: byte \d+: ", error.Message);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("""{"segments":[{"text":"a","start":2,"end":1}]}""", "line 1: byte 41: `end`: it ends at 1 s, before it starts at 2 s")]
    [InlineData("""{"segments":[{"text":"a","start":"x","end":1}]}""", "byte 33: `start`: a finite number was expected")]
    [InlineData("""{"segments":[{"text":7,"start":0,"end":1}]}""", "`text`: a text was expected")]
    [InlineData("""{"segments":[7]}""", "byte 13: an object was expected")]
    [InlineData("""{"segments":[{"text":"a","start":0,"end":1,"words":{}}]}""", "`words`: an array was expected")]
    [InlineData("""{"segments":[{"text":"a","start":NaN,"end":1}]}""", "byte 33: this is not JSON")]
    [InlineData("""{"segments":[{"text":"a","start":1e999,"end":1}]}""", "a finite number was expected")]
    [InlineData("""{"segments":[{"text":"\ud800","start":0,"end":1}]}""", "the text has an escape that is not a character")]
    [InlineData("""{"transcription":[{"text":"a","offsets":{"from":20,"to":10}}]}""", "before it starts")]
    [InlineData("""{"text":"a","result":[{"word":"a","start":2,"end":1}]}""", "before it starts")]
    [InlineData("""{"text":"a","tokens":["a"],"timestamps":[0,1]}""", "`timestamps` has 2 items where 1 were expected")]
    [InlineData("""{"text":"a b","tokens":[" a"," b"],"timestamps":[1,0]}""", "the times run backwards here")]
    [InlineData("""{"text":"a","timestamp":{"word":[{"word":"a","start_offset":1,"end_offset":2}]}}""", "only frame offsets")]
    [InlineData("""{"pred_text":"a","timestamps_word":[{"word":"a","start_offset":1,"end_offset":2}]}""", "only frame offsets")]
    [InlineData("""{"pred_text":"a","word":"a"}""", "`word`: an array was expected")]
    [InlineData("""{"chunks":[{"text":"a","timestamp":[2,1]}]}""", "it ends before it starts")]
    [InlineData("""{"chunks":[{"text":"a","timestamp":[2]}]}""", "a pair of times was expected")]
    [InlineData("""{"time_stamps":[{"text":"a","start_time":2,"end_time":1}]}""", "before it starts")]
    [InlineData("""{"lines":[{"text":"a","start_time":2,"duration":-1}]}""", "its duration is negative")]
    [InlineData("""{"results":{"items":[{"start_time":"2","end_time":"1","alternatives":[{"content":"a"}]}]}}""", "before it starts")]
    [InlineData("""{"results":{"channels":[{"alternatives":[]}]}}""", "a channel without alternatives")]
    [InlineData("""[{"session_id":"a","words":"b","start_time":2,"end_time":1}]""", "before it starts")]
    [InlineData("""{"something":1}""", "unrecognized transcript format")]
    [InlineData("""{"text":"a"} trailing""", "this is not JSON")]
    [InlineData("""{"text":"a"} {"segments":1,"x":2}""", "a value like the first one was expected")]
    [InlineData("[12.3]", "unrecognized transcript format")]
    [InlineData("[12.3, 4]", "unrecognized transcript format")]
    [InlineData("[[12.3], [4]]", "unrecognized transcript format")]
    [InlineData("[12.3", "this is not JSON")]
    [InlineData("[12.3] a text without an end", "unrecognized transcript format")]
    [InlineData("", "the file is empty")]
    [InlineData(" \n ", "line 2: byte 3: the file is empty")]
    [InlineData("nothing of the kind", "unrecognized transcript format")]
    [InlineData("SPEAKER rec 1 0.0 1.0 <NA> <NA> A <NA> <NA>", "this is RTTM")]
    [InlineData("1\n00:00:01,000 --> 00:00:00,500\nx\n", "line 2: byte 2: the cue ends before it starts")]
    [InlineData("1\n00:00:01,000 -->\nx\n", "line 2: byte 2: two times were expected")]
    [InlineData("1\n00:00:00,000 --> 00:00:01,000\nx\n\n2\n", "the file breaks off before the times of a subtitle")]
    [InlineData("1\n00:00:00,000 --> 00:00:01,000\nx\n\nlost text\n", "line 5: byte 35: a text without times behind a blank line")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:00.500\nx\n", "line 3: byte 8: the cue ends before it starts")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:0x.500\nx\n", "two times were expected")]
    [InlineData("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n\nlost\ntext\n", "a text without times behind a blank line")]
    [InlineData("1.0\t2.0\ta\n2.0\t1.0\tb\n", "line 2: byte 10: the label ends before it starts")]
    [InlineData("1.0\t2.0\ta\nnonsense\n", "start, tab, end, tab, text was expected")]
    [InlineData("[2.00s - 1.00s] a\n", "the line ends before it starts")]
    [InlineData("a\n<s> 0.0 0.1 0.9\na 0.2 0.1 0.5\n</s> 0.3 0.4 1.0\n", "line 3: byte 18: the word ends before it starts")]
    [InlineData("a\n<s> 0.0 0.1 0.9\na 0.1 0.2 0.5\n<s> 0.2 0.3 0.9\n", "an utterance begins before the last one has ended")]
    [InlineData("a\n<s> 0.0 0.1 0.9\na 0.1 x 0.5\n", "a word with start, end and probability was expected")]
    [InlineData("File type = \"ooTextFile\"\nObject class = \"Pitch\"\n", "not a TextGrid")]
    [InlineData("File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n0\n1\n<exists>\n1\n\"IntervalTier\"\n\"a\"\n0\n1\n1\n0\n", "the file breaks off where a time was expected")]
    [InlineData("File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n0\n1\n<exists>\n1\n\"IntervalTier\"\n\"a\"\n0\n1\n1\n1\n0\n\"x\"\n", "the interval ends before it starts")]
    [InlineData("File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n0\n1\n<exists>\n1\n\"Interval", "the file breaks off inside the class of a tier")]
    public void Errors_say_what_and_where(string text, string expected)
    {
        var error = Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(Encoding.UTF8.GetBytes(text), "t", Strict));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("byte ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_an_error_and_no_crash()
    {
        byte[] deep = Encoding.UTF8.GetBytes("{\"text\":" + new string('[', 100_000));
        Assert.Contains("nests deeper than 256 levels", Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(deep, "t")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_a_UTF_16_text_is_at_the_byte_of_the_file()
    {
        byte[] bytes = [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes("1.0\t2.0\tä\n2.0\t1.0\tb\n")];
        Assert.Contains("line 2: byte 22: the label ends", Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(bytes, "t", Strict)).Message, StringComparison.Ordinal);
        byte[] half = [.. bytes, 0xD8, 0x00];
        Assert.Contains(": this is not UTF-16", Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(half, "t")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fifty_megabytes_on_one_line_are_read_and_an_error_at_their_end_has_its_byte()
    {
        byte[] item = Encoding.UTF8.GetBytes("""{"word":"something","start":1,"end":2,"filler":"0123456789012345678901234567890123456789"},""");
        using var file = new MemoryStream();
        file.WriteByte((byte)'[');
        while (file.Length < 50_000_000)
        {
            file.Write(item);
        }

        int before = (int)file.Length;
        file.Write(Encoding.UTF8.GetBytes("""{"word":"last","start":3,"end":2}]"""));
        var error = Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(file.ToArray(), "big", Strict));
        Assert.Contains($"line 1: byte {before + 31}: `end`: it ends at 2 s", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Cuts(int length) => Enumerable.Range(0, 40).Select(i => i * length / 40).Distinct();

    private static bool IsWhole(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
            bool any = false;
            while (reader.Read())
            {
                any = true;
            }

            return any;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static List<(JsonNode Parent, string? Name, int Index)> Leaves(JsonNode root)
    {
        var leaves = new List<(JsonNode, string?, int)>();
        void Visit(JsonNode? node, JsonNode parent, string? name, int index)
        {
            leaves.Add((parent, name, index));
            switch (node)
            {
                case JsonObject value:
                    foreach (var member in value)
                    {
                        Visit(member.Value, value, member.Key, -1);
                    }

                    break;
                case JsonArray array:
                    for (int i = 0; i < array.Count; i++)
                    {
                        Visit(array[i], array, null, i);
                    }

                    break;
            }
        }

        if (root is JsonObject top)
        {
            foreach (var member in top)
            {
                Visit(member.Value, top, member.Key, -1);
            }
        }
        else if (root is JsonArray list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                Visit(list[i], list, null, i);
            }
        }

        return leaves;
    }

    private static void Replace(JsonNode parent, string? name, int index, JsonNode? value)
    {
        if (name is not null)
        {
            parent[name] = value;
        }
        else
        {
            parent[index] = value;
        }
    }
}
