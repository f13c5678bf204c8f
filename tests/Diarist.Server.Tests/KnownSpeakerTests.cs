using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Diarist.Audio;
using Diarist.Formats;
using Diarist.Identity;
using Diarist.Packs;
using Diarist.Server.Http;

namespace Diarist.Server.Tests;

/// <summary>Voices that a request knows: the right one gets its name, others stay letters, and nothing is kept.</summary>
public class KnownSpeakerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_right_voice_gets_its_name_and_the_others_stay_strangers()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { Engine = new TestRecognizer() });
        (string person, Turn reference) = Known();
        string voice = Reference(server, reference);
        string audio = Samples.Piece(server.Folder, 90);
        JsonNode answer = await RunningServer.JsonAsync(
            await PostAsync(server, "v1/audio/diarization", audio, ("known_speaker_names[]", "Ada"), ("known_speaker_references[]", voice), ("response_format", "verbose_json")),
            HttpStatusCode.OK);
        JsonNode ada = Assert.Single(answer["speakers"]!.AsArray(), speaker => (string?)speaker!["id"] == "Ada")!;
        Assert.Equal("known", (string?)ada["label"]);
        Assert.All(answer["speakers"]!.AsArray().Where(speaker => speaker != ada), speaker =>
        {
            Assert.Equal("unknown", (string?)speaker!["label"]);
            Assert.StartsWith("SPEAKER_", (string?)speaker["id"]);
        });

        // Ada's turns are those of the person whose voice was given.
        Turn[] truth = [.. Truth().Where(turn => turn.Speaker == person)];
        double hers = 0, right = 0;
        foreach (JsonNode? segment in answer["segments"]!.AsArray().Where(segment => (string?)segment!["speaker"] == "Ada"))
        {
            var range = new TimeRange((double)segment!["start"]!, (double)segment["end"]!);
            hers += range.Duration;
            right += truth.Sum(turn => turn.Range.Overlap(range));
        }

        Assert.True(right > 0.8 * hers, $"{right:0.0} s of {hers:0.0} s");
        Search(server, voice);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(server.Folder, "data", "recordings")));
    }

    /// <summary>No file of the server, its database and its journal among them, holds a part of the reference: as text, as it was decoded, as samples, or as the sums of the voice.</summary>
    private static void Search(RunningServer server, string url)
    {
        byte[] wav = Convert.FromBase64String(url[(url.IndexOf(',', StringComparison.Ordinal) + 1)..]);
        string path = Path.Combine(server.Folder, "searched.wav");
        File.WriteAllBytes(path, wav);
        float[] samples = AudioReader.ReadMono(path);
        VoiceProfile profile;
        using (AudioStream audio = AudioReader.Open(path))
        {
            profile = Diarist.Diarizer.Create(PackStore.Open()).Enroll("Ada", audio, 1);
        }

        File.Delete(path);
        int middle = wav.Length / 2;
        List<byte[]> parts = [Encoding.ASCII.GetBytes(url[(url.Length / 2)..((url.Length / 2) + 48)]), wav[middle..(middle + 48)], Bytes(samples.AsSpan(samples.Length / 2, 12))];
        double[] sums = profile.Exemplars[0].Group.Sum.ToArray();
        parts.AddRange([.. new[] { sums.SelectMany(BitConverter.GetBytes).ToArray(), Bytes([.. sums.Select(value => (float)value)]) }.Select(form => form[96..112])]);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(server.Folder, "data"), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[open.Length];
            open.ReadExactly(bytes);
            Assert.All(parts, part => Assert.Equal(-1, bytes.AsSpan().IndexOf(part)));
        }
    }

    [Fact]
    public async Task A_reference_is_decoded_as_it_comes_whatever_the_pieces_and_damage_is_refused()
    {
        var random = new Random(1);
        foreach (int length in (int[])[1, 2, 3, 100, 3071, 3072, 4096, 70_000, 300_001])
        {
            byte[] content = new byte[length];
            random.NextBytes(content);
            byte[] url = Encoding.ASCII.GetBytes($"data:audio/wav;base64,{Convert.ToBase64String(content)}");
            foreach (int piece in (int[])[1 + (length / 50), 17, 4096])
            {
                (byte[] read, int text) = await SecretField.ReadAsync(new Pieces(url, piece), "known_speaker_references", 1 << 20, Cancellation);
                Assert.Equal(content, read);
                Assert.Equal(url.Length, text);
            }
        }

        foreach (string wrong in (string[])["", "data:audio/wav,abcd", "data:audio/wav;base64,", "data:audio/wav;base64,ab!d", "data:audio/wav;base64,abcde", "http://127.0.0.1/a;base64,abcd", new string('x', 5000)])
        {
            Assert.Equal(400, (await Assert.ThrowsAsync<ApiException>(() => SecretField.ReadAsync(new Pieces(Encoding.ASCII.GetBytes(wrong), 7), "known_speaker_references", 1 << 20, Cancellation))).Status);
        }

        byte[] large = Encoding.ASCII.GetBytes("data:a;base64," + new string('A', 4000));
        Assert.Equal(413, (await Assert.ThrowsAsync<ApiException>(() => SecretField.ReadAsync(new Pieces(large, 100), "known_speaker_references", 2000, Cancellation))).Status);
    }

    [Fact]
    public async Task References_that_are_too_short_or_no_sound_are_refused()
    {
        // On a busy machine a reference is not always refused within a second.
        await using RunningServer server = await RunningServer.StartAsync(options => options with { StatusWait = TimeSpan.FromMinutes(1) });
        string audio = Samples.Piece(server.Folder, 3);
        foreach (string reference in (string[])["data:audio/wav;base64,AAAA", Url(Samples.Piece(server.Folder, 1, "short.wav")), Url(Samples.Piece(server.Folder, 12, "long.wav"))])
        {
            using HttpResponseMessage response = await PostAsync(server, "v1/audio/diarization", audio, ("known_speaker_names[]", "Ada"), ("known_speaker_references[]", reference));
            JsonNode error = await RunningServer.JsonAsync(response, HttpStatusCode.BadRequest);
            Assert.Equal("known_speaker_references", (string?)error["error"]!["param"]);
        }

        foreach ((string, string)[] fields in ((string, string)[][])[[("known_speaker_names[]", "Ada")], [("known_speaker_names[]", "SPEAKER_00"), ("known_speaker_references[]", "data:,")], [("known_speaker_names[]", "Ada"), ("known_speaker_references[]", "http://127.0.0.1/a.wav")]])
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(server, "v1/audio/diarization", audio, fields)).StatusCode);
        }
    }

    [Fact]
    public async Task An_anonymous_server_takes_no_names_and_no_voices()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { Anonymous = true });
        string audio = Samples.Piece(server.Folder, 6);
        foreach ((string, string)[] fields in ((string, string)[][])[[("known_speaker_names[]", "Ada")], [("known_speaker_references[0]", Url(audio))], [("known_speaker_names", "Ada"), ("known_speaker_references", Url(audio))], [("known_speaker_threshold", "0.01")]])
        {
            JsonNode error = await RunningServer.JsonAsync(await PostAsync(server, "v1/audio/diarization", audio, fields), HttpStatusCode.Forbidden);
            Assert.Equal("anonymous", (string?)error["error"]!["code"]);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(server.Folder, "data", "recordings")));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, "v1/audio/diarization", audio)).StatusCode);

        // Corrections know labels and no names.
        string id = await server.UploadAsync(audio);
        await server.FinishAsync(id);
        JsonNode session = await server.GetAsync($"api/recordings/{id}/session");
        string label = (string)session["speakers"]![0]!["label"]!;
        await server.PostAsync($"api/recordings/{id}/edits", new { kind = "rename", label, name = "Ada", revision = (int)session["revision"]! }, HttpStatusCode.Forbidden);
        await server.PostAsync($"api/recordings/{id}/edits", new { kind = "assign", turns = (int[])[0], label = "Ada", revision = (int)session["revision"]! }, HttpStatusCode.Forbidden);
        await server.PostAsync($"api/recordings/{id}/edits", new { kind = "assign", turns = (int[])[0], label = "SPEAKER_05", revision = (int)session["revision"]! });
    }

    /// <summary>The person with the longest turn of the sample that nobody else talks into.</summary>
    private static (string Person, Turn Turn) Known()
    {
        IReadOnlyList<Turn> turns = Truth();
        Turn longest = turns.Where(turn => turns.All(other => other.Speaker == turn.Speaker || other.Range.Overlap(turn.Range) == 0)).MaxBy(turn => turn.Duration);
        return (longest.Speaker, longest);
    }

    private static IReadOnlyList<Turn> Truth() => Assert.Single(AnnotationReader.ReadTurns(Path.Combine(Samples.Root, "samples", "conversation.rttm"))).Turns;

    private static byte[] Bytes(ReadOnlySpan<float> values) => MemoryMarshal.AsBytes(values).ToArray();

    private static string Reference(RunningServer server, Turn turn) => Url(Samples.Piece(server.Folder, Math.Min(9.5, turn.Duration), "voice.wav", turn.Start));

    private static string Url(string path) => $"data:audio/wav;base64,{Convert.ToBase64String(File.ReadAllBytes(path))}";

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, string path, string audio, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent("any"), "model" } };
        foreach ((string name, string value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(audio, Cancellation)), "file", Path.GetFileName(audio));
        return await server.Client.PostAsync(path, form, Cancellation);
    }
}
