using System.Globalization;
using System.Text.RegularExpressions;
using Diarist.Inference.Kernels;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference.Kernels;

public sealed class InstructionSetTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void Kernels_are_correct_without(string variable)
    {
        (int exitCode, string text) = InstructionSets.Run(variable);
        Match total = Regex.Match(text, @"Total: (\d+)");
        output.WriteLine($"{variable}=0: {total.Value} tests");
        Assert.True(exitCode == 0, text);
        Assert.True(total.Success && int.Parse(total.Groups[1].Value, CultureInfo.InvariantCulture) > 0, text);
    }

    [Fact]
    public void The_widest_supported_width_is_in_use()
    {
        Assert.Equal(LaneWidth.Scalar, LaneWidths.Supported[0]);
        Assert.Equal(LaneWidths.Supported.Max(), LaneWidths.Widest);
        output.WriteLine(string.Join(", ", LaneWidths.Supported));
    }
}
