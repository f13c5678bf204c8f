using Diarist.Formats;
using FsCheck;
using FsCheck.Fluent;

namespace Diarist.Tests.Formats;

public class MalformedAnnotationTests
{
    [Theory]
    [InlineData("SPEAKER r 1 NaN 1 <NA> <NA> A <NA> <NA>")]
    [InlineData("SPEAKER r 1 Infinity 1 <NA> <NA> A <NA> <NA>")]
    [InlineData("SPEAKER r 1 -1 1 <NA> <NA> A <NA> <NA>")]
    [InlineData("SPEAKER r 1 1 -0.5 <NA> <NA> A <NA> <NA>")]
    [InlineData("SPEAKER r 1 1e300 1 <NA> <NA> A <NA> <NA>")]
    [InlineData("SPEAKER r 1 1 1e9 <NA> <NA> A <NA> <NA>")]
    [InlineData("SPEAKER r 1 1,5 1 <NA> <NA> A <NA> <NA>")]
    [InlineData("SPEAKER r 1 1 1 <NA> <NA>")]
    [InlineData("SPEAKER my file 1 1 1 <NA> <NA> A <NA> <NA>")]
    [InlineData("SPEAKER r 1 1 1 <NA> <NA> A high <NA>")]
    [InlineData("SPEAKER m 1 0.00 3.50 <NA> <NA> Speaker 0 <NA>")]
    [InlineData("SPEAKER m 1 0.00 3.50 <NA> <NA> Speaker 2")]
    [InlineData("SPEAKER m 1 0.00 3.50 <NA> <NA> Ann Lee <NA>")]
    [InlineData("SPEAKER my file 1 0.00 3.50 <NA> <NA> A <NA>")]
    [InlineData("SPEEKER r 1 1 1 <NA> <NA> A <NA> <NA>")]
    public void A_bad_line_of_rttm_is_named(string line) => AssertNamed(Rttm.Read, line);

    [Theory]
    [InlineData("r 1 A 0")]
    [InlineData("r 1 A 2 1 text")]
    [InlineData("r 1 A -2 1 text")]
    [InlineData("r 1 A NaN 1 text")]
    [InlineData("r 1 A 0 1e99 text")]
    public void A_bad_line_of_stm_is_named(string line) => AssertNamed(Stm.Read, line);

    [Theory]
    [InlineData("r 1 0 1")]
    [InlineData("r 1 0 -1 word")]
    [InlineData("r 1 * * <ALT_BEGIN>")]
    [InlineData("r 1 0 1 two words")]
    [InlineData("r 1 0 1 word high")]
    [InlineData("r 1 0 1 word 0.5 lex A B")]
    public void A_bad_line_of_ctm_is_named(string line) => AssertNamed(Ctm.Read, line);

    [Theory]
    [InlineData("r 1 0")]
    [InlineData("r 1 0 1 2")]
    [InlineData("r 1 5 4")]
    [InlineData("r 1 0 NaN")]
    public void A_bad_line_of_uem_is_named(string line) => AssertNamed(Uem.Read, line);

    [Theory]
    [InlineData("{\"session_id\": \"r\", \"words\": \"a\", \"start_time\": 2, \"end_time\": 1}")]
    [InlineData("{\"session_id\": \"r\", \"words\": \"a\", \"start_time\": \"NaN\", \"end_time\": 1}")]
    [InlineData("{\"session_id\": \"r\", \"words\": \"a\", \"start_time\": -1, \"end_time\": 1}")]
    [InlineData("{\"session_id\": \"r\", \"words\": \"a\", \"start_time\": 1e400, \"end_time\": 1}")]
    [InlineData("{\"session_id\": \"r\", \"words\": \"a\", \"start_time\": 1}")]
    [InlineData("{\"session_id\": \"r\", \"words\": [\"a\"]}")]
    [InlineData("{\"session_id\": \"r\"}")]
    [InlineData("{\"words\": \"a\"}")]
    [InlineData("{\"session_id\": \"\\ud800\", \"words\": \"a\"}")]
    [InlineData("[1]")]
    [InlineData("7")]
    [InlineData("{\"session_id\": \"r\", \"words\": \"a\"")]
    public void A_bad_segment_of_seglst_is_named(string segment)
    {
        string text = $"[\n{{\"session_id\": \"r\", \"words\": \"a\"}},\n{segment}\n]";
        var error = Assert.Throws<AnnotationFormatException>(() => SegLst.Read(new StringReader(text), "the.file"));
        Assert.InRange(error.Line, 3, 4);
        Assert.StartsWith("the.file: line ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Confidences_outside_0_to_1_are_read_as_none_and_never_written()
    {
        Utterance word = Ctm.Read(new StringReader("r 1 0 1 word -2.7 lex A\nr 1 1 1 next NA lex NA\n"), "f")[0].Utterances[0];
        Assert.Equal((null, "A"), (word.Confidence, word.Speaker));
        var written = new StringWriter();
        Ctm.Write(written, "r", [new Utterance(0, 1, "A", "word") { Confidence = 12.5 }, new Utterance(1, 2, null, "next") { Confidence = double.NaN }]);
        Assert.Equal("r 1 0.000 1.000 word <NA> lex A\nr 1 1.000 1.000 next <NA>\n", written.ToString());
        Assert.Equal(2, Ctm.Read(new StringReader(written.ToString()), "f")[0].Utterances.Count);
        Assert.Null(Rttm.Read(new StringReader("SPEAKER r 1 0 1 <NA> <NA> A -3.25 <NA>"), "f")[0].Turns[0].Confidence);
    }

    [Fact]
    public void A_speaker_of_SegLST_may_be_a_number_and_times_may_be_those_of_CHiME()
    {
        Utterance utterance = SegLst.Read(new StringReader("""[{"session_id":"S02","speaker":5,"start_time":"0:00:57.55","end_time":"0:01:00","words":"a"}]"""), "f")[0].Utterances[0];
        Assert.Equal(("5", new TimeRange(57.55, 60)), (utterance.Speaker, utterance.Range));
    }

    [Theory]
    [InlineData("[{\"session_id\": \"r\"")]
    [InlineData("[")]
    public void Unfinished_JSON_is_not_called_deep(string text) =>
        Assert.DoesNotContain("deeper", Assert.Throws<AnnotationFormatException>(() => SegLst.Read(new StringReader(text), "f")).Message, StringComparison.Ordinal);

    [Fact]
    public void Deep_nesting_and_cut_texts_of_json_are_errors()
    {
        foreach (string text in new[] { new string('[', 100_000), "[", "[{\"session_id\":\"r\",\"x\":" + new string('[', 1000), "", "[] []" })
        {
            Assert.Throws<AnnotationFormatException>(() => SegLst.Read(new StringReader(text), "f"));
        }
    }

    [Theory]
    [InlineData("{\"schema\": \"diarist/2\", \"turns\": []}")]
    [InlineData("{\"schema\": \"diarist/1\"}")]
    [InlineData("{\"turns\": []}")]
    [InlineData("{\"schema\": \"diarist/1\", \"turns\": [{\"start\": 1, \"end\": 0, \"speaker\": \"A\"}]}")]
    [InlineData("{\"schema\": \"diarist/1\", \"turns\": [{\"start\": 1, \"end\": 2}]}")]
    [InlineData("{\"schema\": \"diarist/1\", \"turns\": [{\"start\": 1, \"end\": 2, \"speaker\": \"A\", \"confidence\": 2}]}")]
    [InlineData("{\"schema\": \"diarist/1\", \"turns\": 5}")]
    public void Bad_json_of_our_own_is_refused(string text) =>
        Assert.Throws<AnnotationFormatException>(() => DiarizationJson.ReadTurns(new StringReader(text), "f"));

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        var writer = new StringWriter();
        foreach (TimeRange range in new TimeRange[] { new(double.NaN, 1), new(0, double.NaN), new(2, 1), new(-1, 1), new(0, double.PositiveInfinity) })
        {
            Assert.Throws<ArgumentException>(() => Rttm.Write(writer, "r", [new Turn(range, "A")]));
            Assert.Throws<ArgumentException>(() => Uem.Write(writer, "r", [range]));
            Assert.Throws<ArgumentException>(() => Stm.Write(writer, "r", [new Utterance(range, "A", "a")]));
            Assert.Throws<ArgumentException>(() => Ctm.Write(writer, "r", [new Utterance(range, "A", "a")]));
        }

        Assert.Throws<ArgumentException>(() => Rttm.Write(writer, "", [new Turn(0, 1, "A")]));
        Assert.Throws<ArgumentException>(() => Rttm.Write(writer, "r", [new Turn(0, 1, "")]));
        Assert.Throws<ArgumentException>(() => Stm.Write(writer, "r", [new Utterance(0, 1, null, "a")]));
        Assert.Throws<ArgumentException>(() => Ctm.Write(writer, "r", [new Utterance(0, 1, "A", "two words")]));
        Assert.Equal("", writer.ToString());
    }

    [Fact]
    public void Whatever_stands_in_a_file_is_read_or_refused_with_its_line()
    {
        Action<TextReader>[] readers =
        [
            reader => Rttm.Read(reader, "f"), reader => Uem.Read(reader, "f"), reader => Ctm.Read(reader, "f"),
            reader => Stm.Read(reader, "f"), reader => SegLst.Read(reader, "f"), reader => DiarizationJson.ReadTurns(reader, "f"),
        ];
        Arbitrary<string> anything = Gen.Elements(
            "SPEAKER", "r", " ", " ", "1", "0.5", "-1", "NaN", "1e999", "<NA>", "\n", "\r", "\t", "\0", ";;", "%", "%20", "[", "]", "{", "}", ",", ":",
            "\"schema\"", "\"diarist/1\"", "\"turns\"", "\"words\"", "\"session_id\"", "\"start_time\"", "\"\\ud800\"", "\ud800", "\uFEFF", "話")
            .ListOf().Select(string.Concat).ToArbitrary();
        Prop.ForAll(anything, text =>
        {
            AnnotationReader.Detect(text);
            foreach (Action<TextReader> read in readers)
            {
                try
                {
                    read(new StringReader(text));
                }
                catch (AnnotationFormatException error)
                {
                    Assert.InRange(error.Line, 1, 1 + text.Count(character => character is '\n' or '\r'));
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static void AssertNamed<T>(Func<TextReader, string, T> read, string line)
    {
        var error = Assert.Throws<AnnotationFormatException>(() => read(new StringReader($";; comment\r\n\r\n{line}\r\n"), "the.file"));
        Assert.Equal(3, error.Line);
        Assert.StartsWith("the.file: line 3: ", error.Message);
    }
}
