using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

public class ToolTests
{
    [Fact]
    public async Task Help_says_what_the_tool_is_for() =>
        Assert.Contains("speakers", (await CliProcess.RunAsync("--help")).Succeeded());

    [Fact]
    public async Task An_unknown_command_is_a_mistake_in_use() =>
        Assert.Contains("--help", (await CliProcess.RunAsync("sing")).Failed(2));
}
