using System.Text;
using Diarist.Formats;
using Diarist.Tests.Support;

namespace Diarist.Tests.Formats;

public sealed class AnnotationReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("diarist-annotations").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("SPEAKER r 1 0 1 <NA> <NA> A <NA> <NA>", AnnotationFormat.Rttm)]
    [InlineData(";; comment\r\n\r\nSPKR-INFO r 1 <NA> <NA> <NA> unknown A <NA>\r\nSPEAKER\tr\t1\t0\t1\t<NA>\t<NA>\tA\t<NA>\t<NA>", AnnotationFormat.Rttm)]
    [InlineData("r 1 0 10", AnnotationFormat.Uem)]
    [InlineData("r 1 A 0 1 hello there", AnnotationFormat.Stm)]
    [InlineData("r 1 A 0 1", AnnotationFormat.Stm)]
    [InlineData("r 1 1 0 1 hello\nr 1 1 1 2", AnnotationFormat.Stm)]
    [InlineData("r 1 0.5 0.2 hello", AnnotationFormat.Ctm)]
    [InlineData("r 1 0.5 0.2 5 0.9", AnnotationFormat.Ctm)]
    [InlineData("r 1 0.5 0.2 hello <NA> lex A", AnnotationFormat.Ctm)]
    [InlineData(" [ ]", AnnotationFormat.SegLst)]
    [InlineData("\uFEFF{\"schema\":\"diarist/1\",\"turns\":[]}", AnnotationFormat.DiarizationJson)]
    [InlineData("{\"text\":\"hello\"}", null)]
    [InlineData("# A heading\n\nSome prose that is nothing of the kind.", null)]
    [InlineData("", null)]
    public void A_format_is_known_by_its_content(string text, AnnotationFormat? expected) =>
        Assert.Equal(expected, AnnotationReader.Detect(text));

    [Fact]
    public void Comments_blank_lines_information_lines_and_tabs_are_read_over()
    {
        const string Text = "\uFEFF;; made by hand\r\n\r\nSPKR-INFO r 1 <NA> <NA> <NA> adult_male A <NA>\r\n  SPEAKER\tr\t1\t0.10\t0.20\t<NA>\t<NA>\tA\t0.75\t<NA>  \r\nSPEAKER q 1 5 0 <NA> <NA> B\r\n";
        IReadOnlyList<RecordingTurns> recordings = AnnotationReader.ReadTurns(Write("a.txt", Text));
        Assert.Equal(["r", "q"], recordings.Select(recording => recording.Recording));
        Assert.Equal([new Turn(0.1, 0.3, "A") { Confidence = 0.75 }], recordings[0].Turns);
        Assert.Equal([new Turn(5, 5, "B")], recordings[1].Turns);
    }

    [Fact]
    public void Utterances_of_any_format_are_turns_too()
    {
        Assert.Equal([new Turn(0, 1, "A")], AnnotationReader.ReadTurns(Write("a", "r 1 A 0 1 hello"))[0].Turns);
        Assert.Equal([new Turn(0, 1, "2")], AnnotationReader.ReadTurns(Write("b", "r 2 0 1 hello"))[0].Turns);
        Assert.Equal(
            [new Turn(0.5, 1, "A")],
            AnnotationReader.ReadTurns(Write("c", "[{\"session_id\":\"r\",\"start_time\":\"0.5\",\"end_time\":1,\"speaker\":\"A\",\"words\":\"\"}]"))[0].Turns);
    }

    [Fact]
    public void Our_own_json_gives_its_overlapping_turns()
    {
        const string Text = """
            {"schema":"diarist/1","source":{"name":"talks/meeting.flac","seconds":9},"speakers":[{"label":"A"}],
             "turns":[{"start":0.5,"end":1.25,"speaker":"A","confidence":0.9},{"start":1,"end":2,"speaker":"B"}],
             "exclusiveTurns":[{"start":0.5,"end":1,"speaker":"A"}]}
            """;
        RecordingTurns recording = Assert.Single(AnnotationReader.ReadTurns(Write("x.json", Text)));
        Assert.Equal("meeting", recording.Recording);
        Assert.Equal([new Turn(0.5, 1.25, "A") { Confidence = 0.9 }, new Turn(1, 2, "B")], recording.Turns);
    }

    [Fact]
    public void A_folder_gives_what_was_asked_for_and_passes_over_the_rest()
    {
        Write("b.rttm", "SPEAKER b 1 0 1 <NA> <NA> A <NA> <NA>");
        Write("a.stm", "a 1 A 0 1 hello");
        Write("a.uem", "a 1 0 10");
        Write("empty.rttm", ";; nobody spoke\n");
        Write("README.md", "Notes.");
        File.WriteAllBytes(Path.Combine(_folder, "b.wav"), [0x52, 0x49, 0, 0, 1]);
        Assert.Equal(["a", "b", "empty"], AnnotationReader.ReadTurns(_folder).Select(recording => recording.Recording));
        Assert.Equal(["a", "empty"], AnnotationReader.ReadUtterances(_folder).Select(recording => recording.Recording));
        Assert.Equal(["a"], AnnotationReader.ReadRegions(_folder).Select(recording => recording.Recording));
    }

    [Fact]
    public void A_recording_in_two_files_is_refused_unless_each_is_a_speaker()
    {
        Write("a.rttm", "SPEAKER a 1 0 1 <NA> <NA> A <NA> <NA>");
        Write("a.other.rttm", "SPEAKER a 1 0 1 <NA> <NA> A <NA> <NA>");
        Assert.Contains("is in", Assert.Throws<InputException>(() => AnnotationReader.ReadTurns(_folder)).Message);

        RecordingUtterances joined = Assert.Single(AnnotationReader.ReadUtterances(Write("x.ctm", "r 1 0 1 hello"), Write("y.ctm", "r 1 1 1 there")));
        Assert.Equal(["x:1", "y:1"], joined.Utterances.Select(word => word.Speaker));
    }

    [Fact]
    public void What_does_not_fit_is_an_error_that_says_so()
    {
        Assert.Contains("holds no utterances", Assert.Throws<InputException>(
            () => AnnotationReader.ReadUtterances(Write("a", "SPEAKER a 1 0 1 <NA> <NA> A <NA> <NA>"))).Message);
        Assert.Contains("line 2: this is not RTTM", Assert.Throws<AnnotationFormatException>(
            () => AnnotationReader.ReadTurns(Write("b", "\nwhat is this"))).Message);
        string latin = Path.Combine(_folder, "latin");
        File.WriteAllBytes(latin, Encoding.Latin1.GetBytes("r 1 A 0 1 hello\nr 1 A 1 2 café\n"));
        Assert.Equal(2, Assert.Throws<AnnotationFormatException>(() => AnnotationReader.ReadUtterances(latin)).Line);
        Assert.Contains("no file", Assert.Throws<InputException>(
            () => AnnotationReader.ReadTurns(Directory.CreateDirectory(Path.Combine(_folder, "nothing")).FullName)).Message);
    }

    [Fact]
    public void A_label_of_stm_is_dropped_and_ignored_segments_are_skipped()
    {
        IReadOnlyList<RecordingUtterances> recordings = Stm.Read(
            new StringReader("r 1 A 0 1 <o,f0,male> hello <unk>\nr 1 B 1 2 <unk> yes\nr 1 C 2 3 ignore_time_segment_in_scoring\nr 1 D 3 4\n"), "f");
        Assert.Equal(["hello <unk>", "<unk> yes", ""], recordings[0].Utterances.Select(utterance => utterance.Text));
    }

    [Fact]
    public void Files_that_the_field_brings_are_read()
    {
        string folder = Shared.Require("metrics/meeteval");
        foreach ((string file, AnnotationFormat format, int entries) in new[]
        {
            ("hyp.rttm", AnnotationFormat.Rttm, 6),
            ("ref.rttm", AnnotationFormat.Rttm, 6),
            ("hyp.stm", AnnotationFormat.Stm, 6),
            ("ref.stm", AnnotationFormat.Stm, 7),
            ("hypA.stm", AnnotationFormat.Stm, 4),
            ("hypB.stm", AnnotationFormat.Stm, 2),
            ("hyp_siso.stm", AnnotationFormat.Stm, 3),
            ("hyp1.ctm", AnnotationFormat.Ctm, 63),
            ("hyp2.ctm", AnnotationFormat.Ctm, 22),
            ("hyp.seglst.json", AnnotationFormat.SegLst, 6),
            ("ref.seglst.json", AnnotationFormat.SegLst, 6),
        })
        {
            string path = Path.Combine(folder, file);
            Assert.Equal((file, format), (file, AnnotationReader.Detect(File.ReadAllText(path))));
            Assert.Equal((file, entries), (file, AnnotationReader.ReadTurns(path).Sum(recording => recording.Turns.Count)));
        }

        IReadOnlyList<RecordingRegions> regions = AnnotationReader.ReadRegions(Path.Combine(folder, "uem.uem"));
        Assert.Equal([new TimeRange(1, 4.5)], regions[0].Regions);
        Assert.Equal("recordingB", regions[1].Recording);

        // Two formats of one hypothesis.
        Assert.Equal(
            AnnotationReader.ReadUtterances(Path.Combine(folder, "hyp.stm")).SelectMany(recording => recording.Utterances),
            AnnotationReader.ReadUtterances(Path.Combine(folder, "hyp.seglst.json")).SelectMany(recording => recording.Utterances));
    }

    private string Write(string file, string text)
    {
        string path = Path.Combine(_folder, file);
        File.WriteAllText(path, text);
        return path;
    }
}
