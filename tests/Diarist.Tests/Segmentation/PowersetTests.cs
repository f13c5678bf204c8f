using Diarist.Segmentation;

namespace Diarist.Tests.Segmentation;

public sealed class PowersetTests
{
    [Fact]
    public void Classes_are_nobody_then_each_speaker_then_each_pair()
    {
        int[][] speakers = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2]];
        Assert.Equal(Powerset.Classes, Powerset.Masks.Length);
        for (int i = 0; i < speakers.Length; i++)
        {
            Assert.Equal(speakers[i].Sum(speaker => 1 << speaker), Powerset.Masks[i]);
        }
    }

    [Fact]
    public void The_most_probable_class_wins_and_the_earlier_of_equals()
    {
        float[] scores =
        [
            -1, -2, -3, -4, -5, -6, -7,
            -9, -2, -3, -4, -5, -6, -1,
            -5, -5, -1, -1, -1, -5, -5,
            float.NegativeInfinity, -8, -8, -8, -7.9f, -8, -8,
        ];
        byte[] masks = new byte[4];
        Powerset.Decode(scores, masks);
        Assert.Equal<byte>([0b000, 0b110, 0b010, 0b011], masks);
    }

    [Fact]
    public void Frames_must_match() => Assert.Throws<ArgumentException>(() => Powerset.Decode(new float[14], new byte[3]));
}
