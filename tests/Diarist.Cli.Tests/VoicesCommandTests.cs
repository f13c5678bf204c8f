using System.Text.Json;
using Diarist.Cli.Tests.Support;
using Diarist.Identity;

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
        CliResult twice = await Voices("enroll", "Annika", Voice("anna"), "--consent");
        Assert.Contains("Annika", twice.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("this voice is like that of Anna, which is kept too", twice.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Otto", twice.Error, StringComparison.Ordinal);
        (await Voices("remove", "Annika")).Succeeded();

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
        CliResult none = await Voices("list");
        Assert.Equal("", none.Succeeded());
        Assert.Equal($"diarist: {Store}: no voices are kept there. `diarist voices enroll NAME AUDIO` enrols one.\n", none.Error);
        Assert.Equal(anonymous, (await Diarize("--format", "rttm")).Succeeded());
    }

    [Fact]
    public async Task A_recording_that_is_enrolled_twice_counts_once_and_that_is_said()
    {
        (await Voices("enroll", "Anna", Voice("anna"), "--consent")).Succeeded();

        CliResult again = await Voices("enroll", "Anna", Voice("anna"), "--consent");
        CliResult two = await Voices("enroll", "Otto", Voice("otto"), Voice("otto"), "--consent");

        Assert.Contains("is kept in", again.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("anna.flac: warning: this recording was enrolled for Anna before, and counts once", again.Error, StringComparison.Ordinal);
        two.Succeeded();
        Assert.Contains("this recording was enrolled for Otto before, and counts once", two.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await Voices("list")).Succeeded().Split("in 1 recording").Length - 1);
    }

    [Fact]
    public async Task Where_nobody_is_recognized_the_turns_are_the_anonymous_bytes()
    {
        (await Voices("enroll", "Anna", Voice("anna"), "--consent")).Succeeded();
        Assert.Equal((await CliProcess.RunAsync("diarize", Other, "--format", "rttm")).Succeeded(), (await Diarize(Other, "--format", "rttm")).Succeeded());
        Dictionary<string, string> without = Members((await CliProcess.RunAsync("diarize", Other, "--format", "json")).Succeeded()), with = Members((await Diarize(Other, "--format", "json")).Succeeded());
        Assert.True(with.Remove("identities", out string? identities));
        Assert.Contains("\"unknown\": true", identities, StringComparison.Ordinal);
        Assert.DoesNotContain("Anna", identities, StringComparison.Ordinal);
        Assert.Equal(without, with);
    }

    [Fact]
    public async Task The_configuration_file_can_ask_for_voices_and_is_overruled()
    {
        (await Voices("enroll", "Anna", Voice("anna"), "--consent")).Succeeded();
        (await Voices("enroll", "Otto", Voice("otto"), "--consent", "--me")).Succeeded();
        Assert.DoesNotContain("Anna", await There("""{ "voices": false }"""), StringComparison.Ordinal);
        string both = await There("""{ "voices": "voices", "falseNames": "1/1000" }""");
        Assert.Contains("Anna", both, StringComparison.Ordinal);
        Assert.Contains("Otto", both, StringComparison.Ordinal);
        string me = await There("""{ "voices": "voices", "me": true }""");
        Assert.DoesNotContain("Anna", me, StringComparison.Ordinal);
        Assert.Contains("Otto", me, StringComparison.Ordinal);
        Assert.DoesNotContain("Otto", await There("""{ "voices": "voices" }""", "--no-voices"), StringComparison.Ordinal);
        foreach (string wrong in (string[])["""{ "voices": 1 }""", """{ "voices": "voices", "me": "Otto" }""", """{ "voices": true, "falseNames": 0.5 }"""])
        {
            _folder.Write("diarist.json", wrong);
            Assert.Contains("diarist.json", (await CliProcess.RunAsync(["diarize", Repository.Sample, "--key", Key], _folder.Path)).Failed(3), StringComparison.Ordinal);
        }

        async Task<string> There(string settings, params string[] arguments)
        {
            _folder.Write("diarist.json", settings);
            return (await CliProcess.RunAsync(["diarize", Repository.Sample, "--format", "rttm", "--key", Key, .. arguments], _folder.Path)).Succeeded();
        }
    }

    [Fact]
    public async Task The_configuration_file_can_ask_for_the_voices_of_the_user()
    {
        (string, string)[] user = [("HOME", _folder.Path), ("XDG_DATA_HOME", Path.Combine(_folder.Path, "data")), ("XDG_CONFIG_HOME", Path.Combine(_folder.Path, "config"))];
        (await CliProcess.RunAsync(["voices", "enroll", "Anna", Voice("anna"), "--consent"], _folder.Path, default, user)).Succeeded();
        _folder.Write("diarist.json", """{ "voices": true }""");
        string named = (await CliProcess.RunAsync(["diarize", Repository.Sample, "--format", "rttm"], _folder.Path, default, user)).Succeeded();
        Assert.Contains(" Anna ", named, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_of_another_network_exits_with_4_and_a_sentence()
    {
        (await Voices("enroll", "Anna", Voice("anna"), "--consent")).Succeeded();
        using (VoiceKey key = VoiceKey.FromFile(Key))
        using (VoiceStore store = VoiceStore.Open(Store, key))
        {
            VoiceProfile anna = store.ReadAll().Single();
            store.Save(new VoiceProfile(anna.Id, anna.Name, "another-network/1", anna.Exemplars));
        }

        Assert.Contains("voices of different networks cannot be compared", (await Diarize()).Failed(4), StringComparison.Ordinal);
        Assert.Contains("another-network/1", (await Voices("enroll", "Anna", Voice("anna"), "--consent")).Failed(4), StringComparison.Ordinal);
        Assert.Contains("cannot be compared", (await Voices("test", Repository.Sample)).Failed(4), StringComparison.Ordinal);
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
    public async Task An_exported_voice_has_a_passphrase_of_its_own_and_replaces_nobody()
    {
        string file = Path.Combine(_folder.Path, "anna.voice"), right = _folder.Write("right", "of the file\n"), wrong = _folder.Write("wrong", "of something else\n");
        string elsewhere = Path.Combine(_folder.Path, "elsewhere"), key = Path.Combine(_folder.Path, "elsewhere.key");
        (await Voices("enroll", "Anna", Voice("anna"), "--consent", "--me")).Succeeded();
        Assert.Contains("give --file-passphrase", (await Voices("export", "Anna", file)).Failed(2), StringComparison.Ordinal);
        (await Voices("export", "Anna", file, "--file-passphrase", right)).Succeeded();
        Assert.Contains("the passphrase does not open it", (await Import(wrong)).Failed(4), StringComparison.Ordinal);
        Assert.False(Directory.Exists(elsewhere));

        // The new store has a key file: nothing else was asked for.
        (await Import(right)).Succeeded();
        (await Import(right)).Succeeded();
        string list = (await CliProcess.RunAsync("voices", "list", "--store", elsewhere, "--key", key)).Succeeded();
        Assert.Equal("Anna (me)   12 s in 1 recording", Assert.Single(list.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Split(',')[0]);

        // Another voice of that name stays.
        (await Voices("remove", "Anna")).Succeeded();
        (await Voices("enroll", "Anna", Voice("otto"), "--consent")).Succeeded();
        Assert.Contains("another voice is called Anna there", (await Voices("import", file, "--file-passphrase", right)).Failed(3), StringComparison.Ordinal);

        Task<CliResult> Import(string passphrase) => CliProcess.RunAsync("voices", "import", file, "--file-passphrase", passphrase, "--store", elsewhere, "--key", key);
    }

    [Fact]
    public void The_question_names_person_purpose_place_and_erasure()
    {
        string question = Commands.VoicesEnrollCommand.Question("Anna", "/srv/voices");
        foreach (string part in (string[])["voiceprint of Anna", "biometric data", "Purpose", "/srv/voices", "until it is removed", "diarist voices remove \"Anna\"", "agree freely", "[y/N]"])
        {
            Assert.Contains(part, question, StringComparison.Ordinal);
        }
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

    // Somebody whose voice is not enrolled.
    private static string Other => Voice("otto");

    private static Dictionary<string, string> Members(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetRawText(), StringComparer.Ordinal);
    }

    private Task<CliResult> Diarize(params string[] arguments) =>
        CliProcess.RunAsync(["diarize", .. arguments is [{ } first, ..] && !first.StartsWith('-') ? (string[])[] : [Repository.Sample], .. arguments, "--voices", Store, "--key", Key]);
}
