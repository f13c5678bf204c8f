using System.Text.Json;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

/// <summary><c>diarist voices</c> and <c>diarize --voices</c> as users run them.</summary>
public sealed class VoicesCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string Store => Path.Combine(_folder.Path, "voices");

    private string Key => Path.Combine(_folder.Path, "voices.key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Enrolled_voices_are_named_and_damaged_or_removed_ones_are_not()
    {
        string anonymous = (await CliProcess.RunAsync("diarize", Repository.Sample, "--format", "rttm")).Succeeded();
        (await Voices("enroll", "Anna", Voice("anna"), "--consent")).Succeeded();
        (await Voices("enroll", "Otto", Voice("otto"), "--consent", "--me")).Succeeded();
        string list = (await Voices("list")).Succeeded();
        Assert.Contains("Anna   12 s in 1 recording", list, StringComparison.Ordinal);
        Assert.Contains("Otto (me)", list, StringComparison.Ordinal);

        using JsonDocument json = JsonDocument.Parse((await Diarize("--format", "json")).Succeeded());
        JsonElement[] identities = [.. json.RootElement.GetProperty("identities").EnumerateArray()];
        Assert.Equal(["Anna", "Otto", "~", "~"], identities.Select(identity => identity.GetProperty("name").GetString() ?? "~").Order(StringComparer.Ordinal));
        Assert.Equal(2, identities.Count(identity => identity.GetProperty("unknown").GetBoolean()));
        Assert.All(identities, identity => Assert.Equal(JsonValueKind.Number, identity.GetProperty("score").ValueKind));

        string me = (await CliProcess.RunAsync("diarize", Repository.Sample, "--me", "--voices", Store, "--key", Key)).Succeeded();
        Assert.Contains("Otto", me, StringComparison.Ordinal);
        Assert.Contains("recognized (score", me, StringComparison.Ordinal);
        Assert.Contains("unknown (score", me, StringComparison.Ordinal);
        Assert.DoesNotContain("Anna", me, StringComparison.Ordinal);

        // Nobody is recognized: the bytes of the anonymous result.
        (await Voices("remove", "Anna")).Succeeded();
        (await Voices("remove", "Otto")).Succeeded();
        Assert.Empty(Directory.GetFiles(Store, "*.voice"));
        Assert.Equal(anonymous, (await Diarize("--format", "rttm")).Succeeded());
    }

    [Fact]
    public async Task What_cannot_be_opened_exits_with_4_and_a_sentence()
    {
        Assert.Contains("no voices are kept there", (await Diarize()).Failed(4), StringComparison.Ordinal);
        (await Voices("enroll", "Anna", Voice("anna"), "--consent")).Succeeded();
        string file = Directory.GetFiles(Store, "*.voice").Single();
        byte[] bytes = File.ReadAllBytes(file);
        byte[] damaged = [.. bytes];
        damaged[100] ^= 4;
        File.WriteAllBytes(file, damaged);
        Assert.Contains("tampered", (await Diarize()).Failed(4), StringComparison.Ordinal);
        File.WriteAllBytes(file, bytes);
        string header = Path.Combine(Store, "voices.header");
        byte[] head = File.ReadAllBytes(header);
        byte[] later = [.. head];
        later[8] = 9;
        File.WriteAllBytes(header, later);
        Assert.Contains("version 9", (await Diarize()).Failed(4), StringComparison.Ordinal);
        File.WriteAllBytes(header, head);
        File.Delete(Key);
        Assert.Contains("there is no such file", (await Diarize()).Failed(4), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enrolment_asks_for_consent_and_for_one_voice()
    {
        Assert.Contains("--consent", (await Voices("enroll", "Anna", Voice("anna"))).Failed(2), StringComparison.Ordinal);
        Assert.Contains("another person speaks in it", (await Voices("enroll", "Anna", Repository.Sample, "--consent")).Failed(3), StringComparison.Ordinal);
        (await Voices("enroll", "SPEAKER_00", Voice("anna"), "--consent")).Failed(2);
        Assert.False(Directory.Exists(Store));
        Assert.False(File.Exists(Key));
        (await CliProcess.RunAsync("diarize", Repository.Sample, "--voices", Repository.Sample)).Failed(2);
        (await CliProcess.RunAsync("diarize", Repository.Sample, "--voices", Store, "--false-names", "1/2")).Failed(2);
    }

    private static string Voice(string name) => Path.Combine(Repository.Root, "samples", "voices", $"{name}.flac");

    private Task<CliResult> Voices(params string[] arguments) => CliProcess.RunAsync(["voices", .. arguments, "--store", Store, "--key", Key]);

    private Task<CliResult> Diarize(params string[] arguments) => CliProcess.RunAsync(["diarize", Repository.Sample, "--voices", Store, "--key", Key, .. arguments]);
}
