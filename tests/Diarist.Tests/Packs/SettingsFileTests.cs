using System.Text;
using Diarist.Packs;

namespace Diarist.Tests.Packs;

/// <summary>A <c>diarist.json</c> that is wrong is reported as an input, by its name, whatever is in it.</summary>
public class SettingsFileTests
{
    public static TheoryData<byte[]> Wrong =>
    [
        Encoding.UTF8.GetBytes("""{"packSources":["a\u0000b"]}"""),
        Encoding.UTF8.GetBytes("""{"packSources":["\ud800"]}"""),
        (byte[])[.. "{\"packSources\":[\""u8, 0xff, 0xfe, .. "\"]}"u8],
        (byte[])[0xff, 0xfe, (byte)'{', 0, (byte)'}', 0],
        Array.Empty<byte>(),
        new byte[3],
        "[]"u8.ToArray(),
        "{"u8.ToArray(),
        Encoding.UTF8.GetBytes("""{"packSources":[1]}"""),
        Encoding.UTF8.GetBytes("""{"packSources":"a"}"""),
        Encoding.UTF8.GetBytes(new string('[', 5000)),
        Encoding.UTF8.GetBytes("{}" + new string(' ', 2 << 20)),
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void It_is_refused_by_its_name(byte[] content)
    {
        using var machine = new PackMachine();
        string path = Path.Combine(machine.Root, "work", "diarist.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        Assert.StartsWith(path, Assert.Throws<InputException>(() => machine.Open()).Message, StringComparison.Ordinal);
    }
}
