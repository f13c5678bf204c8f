using Diarist.Formats;
using FsCheck;
using FsCheck.Fluent;

namespace Diarist.Tests.Formats;

public class RoundTripTests
{
    [Fact]
    public void Rttm_written_and_read_is_the_same() => Check(
        AnnotationGenerators.Turns,
        (writer, it) => Rttm.Write(writer, it.Recording, it.Turns),
        Rttm.Read,
        (a, b) => a.Recording == b.Recording && a.Turns.SequenceEqual(b.Turns));

    [Fact]
    public void Uem_written_and_read_is_the_same() => Check(
        AnnotationGenerators.Regions,
        (writer, it) => Uem.Write(writer, it.Recording, it.Regions),
        Uem.Read,
        (a, b) => a.Recording == b.Recording && a.Regions.SequenceEqual(b.Regions));

    [Fact]
    public void Ctm_written_and_read_is_the_same() => Check(
        AnnotationGenerators.Words, (writer, it) => Ctm.Write(writer, it.Recording, it.Utterances), Ctm.Read, SameUtterances);

    [Fact]
    public void Stm_written_and_read_is_the_same() => Check(
        AnnotationGenerators.SpokenTexts, (writer, it) => Stm.Write(writer, it.Recording, it.Utterances), Stm.Read, SameUtterances);

    [Fact]
    public void SegLst_written_and_read_is_the_same() => Check(
        AnnotationGenerators.Segments, (writer, it) => SegLst.Write(writer, it.Recording, it.Utterances), SegLst.Read, SameUtterances);

    [Fact]
    public void Times_are_exact_to_the_millisecond_at_both_ends()
    {
        var writer = new StringWriter();
        Rttm.Write(writer, "r", [new Turn(0.1004, 0.3006, "A"), new Turn(0.0004999, 1.9996, "B")]);
        Assert.Equal("SPEAKER r 1 0.100 0.201 <NA> <NA> A <NA> <NA>\nSPEAKER r 1 0.000 2.000 <NA> <NA> B <NA> <NA>\n", writer.ToString());
        Assert.Equal(0.301, Rttm.Read(new StringReader(writer.ToString()), "f")[0].Turns[0].End);
    }

    private static bool SameUtterances(RecordingUtterances a, RecordingUtterances b) =>
        a.Recording == b.Recording && a.Utterances.SequenceEqual(b.Utterances);

    private static void Check<T>(
        Arbitrary<T> recordings, Action<TextWriter, T> write, Func<TextReader, string, IReadOnlyList<T>> read, Func<T, T, bool> same) =>
        Prop.ForAll(recordings, recording =>
        {
            var writer = new StringWriter();
            write(writer, recording);
            IReadOnlyList<T> back = read(new StringReader(writer.ToString()), "memory");
            return (back.Count == 1 && same(recording, back[0])).Label(writer.ToString());
        }).QuickCheckThrowOnFailure();
}
