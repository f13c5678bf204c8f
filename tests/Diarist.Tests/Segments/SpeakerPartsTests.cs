using Diarist.Segments;

namespace Diarist.Tests.Segments;

/// <summary>How a speaker is divided in two, to ask whether it is two people.</summary>
public class SpeakerPartsTests
{
    private static readonly LikenessModel Model = LikenessModel.Default;

    [Theory]
    [InlineData(20, 20)]
    [InlineData(30, 10)]
    public void The_halves_are_two_alike_people_even_where_something_else_is_more_unlike(int first, int second)
    {
        List<(int[] Pieces, SpeakerGroup Voice)> stretches = Stretches(first, second);
        SpeakerParts halves = SpeakerParts.Halves(stretches, Model)!;
        Assert.Equal(Enumerable.Range(first, second), halves.SmallerPieces.Where(piece => piece < first + second));
        Assert.Equal(Enumerable.Range(0, first), halves.LargerPieces.Where(piece => piece < first + second));
        Assert.InRange(halves.Likeness, 0.4, 0.7);
    }

    [Fact]
    public void The_halves_of_one_person_are_alike()
    {
        SpeakerParts halves = SpeakerParts.Halves([.. Stretches(40, 0).SkipLast(1)], Model)!;
        Assert.True(halves.Likeness > 0.8, $"{halves.Likeness}");
        Assert.Equal(Enumerable.Range(0, 40), halves.SmallerPieces.Concat(halves.LargerPieces).Order());
    }

    [Fact]
    public void What_joins_last_is_little_speech_that_is_unlike_the_rest() =>
        Assert.Equal([40], SpeakerParts.LastJoin(Stretches(40, 0), Model, SegmentsParameters.Default)!.SmallerPieces);

    [Fact]
    public void One_stretch_has_no_parts()
    {
        Assert.Null(SpeakerParts.Halves(Stretches(0, 0), Model));
        Assert.Null(SpeakerParts.LastJoin(Stretches(0, 0), Model, SegmentsParameters.Default));
    }

    /// <summary>Stretches of 3 s of two people with alike voices, and one of a second that is unlike both.</summary>
    private static List<(int[] Pieces, SpeakerGroup Voice)> Stretches(int first, int second)
    {
        var random = new Random(5);
        var stretches = new List<(int[], SpeakerGroup)>();
        for (int piece = 0; piece <= first + second; piece++)
        {
            bool isShort = piece == first + second;
            var vector = new float[64];
            (vector[0], vector[1], vector[2]) = isShort ? (0.25f, 0f, 0.9f) : (0.75f, piece < first ? 0.5f : -0.5f, 0f);
            for (int axis = 3; axis < vector.Length; axis++)
            {
                vector[axis] = (float)(0.05 * ((2 * random.NextDouble()) - 1));
            }

            float norm = MathF.Sqrt(vector.Sum(value => value * value));
            stretches.Add(([piece], SpeakerGroup.Of(vector.Select(value => value / norm).ToArray(), isShort ? 1 : 3, Model).Copy()));
        }

        return stretches;
    }
}
