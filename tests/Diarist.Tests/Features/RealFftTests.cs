using System.Numerics;
using Diarist.Features;
using Diarist.Tests.Support;

namespace Diarist.Tests.Features;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public class RealFftTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(1024)]
    public void Every_lane_holds_the_power_spectrum_of_its_frame(int length)
    {
        var random = new Random(length);
        double[][] lanes = [.. Enumerable.Range(0, Vector<double>.Count).Select(_ => Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5).ToArray())];
        Vector<double>[] frames = [.. Enumerable.Range(0, length).Select(i => new Vector<double>([.. lanes.Select(lane => lane[i])]))];
        var power = new Vector<double>[(length / 2) + 1];
        new RealFft(length).PowerSpectrum(frames, power);
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            for (int k = 0; k < power.Length; k++)
            {
                Complex sum = Complex.Zero;
                for (int i = 0; i < length; i++)
                {
                    sum += lanes[lane][i] * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)i * k % length) / length);
                }

                Assert.Equal((sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary), power[k][lane], 1e-11 * length);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(-8)]
    public void Lengths_that_are_no_power_of_two_are_refused(int length) => Assert.ThrowsAny<ArgumentException>(() => new RealFft(length));
}
