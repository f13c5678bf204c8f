using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Diarist.Audio;
using Diarist.Packs;

namespace Diarist.Server.Tests;

/// <summary>What references of known speakers leave in the memory of the server's process: nothing, once the reply is here.</summary>
public class ReferenceMemoryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // Where each of the sample's people speaks alone, outside the recording.
    private static readonly (string Person, double From, double Duration)[] Alone = [("anna", 73.03, 4.5), ("ben", 9.1, 4.1), ("rose", 14.8, 4.3), ("otto", 28.1, 4)];
    private const double RecordingFrom = 33;
    private const double RecordingSeconds = 30;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Once_the_reply_is_here_the_memory_of_the_process_holds_nothing_of_a_reference()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The memory of another process is read as Linux shows it.");
        using var folder = new ScratchFolder();
        var memory = new ProcessMemory();
        Diarist.Diarizer diarizer = Diarist.Diarizer.Create(PackStore.Open());
        var fields = new List<(string Name, string Value)>();
        foreach ((string person, double from, double seconds) in Alone)
        {
            string path = Samples.Piece(folder.Path, seconds, $"{person}.wav", from);
            fields.AddRange(await FieldsAsync(memory, person, path));
            using AudioStream audio = AudioReader.Open(path);
            double[] sums = diarizer.Enroll(person, audio, 1).Exemplars[0].Group.Sum.ToArray();
            memory.Add("voiceprint", Bytes<double>(sums));
            memory.Add("voiceprint in float32", Bytes<float>([.. sums.Select(value => (float)value)]));
        }

        List<(string Name, string Value)> two = [.. await FieldsAsync(memory, "two", Samples.Piece(folder.Path, 9, "two.wav"))];
        string recording = Samples.Piece(folder.Path, RecordingSeconds, "talk.wav", RecordingFrom);
        (Process server, Uri address) = await Tool.ServeAsync("--data", Path.Combine(folder.Path, "data"));
        using (server)
        {
            try
            {
                var held = new TaskCompletionSource();
                Task<HttpResponseMessage> reply = PostAsync(address, fields, recording, held.Task);

                // The search finds what is there: the references, while their request waits.
                var clock = Stopwatch.StartNew();
                while (!memory.FindIn(server.Id).Contains("decoded"))
                {
                    Assert.True(clock.Elapsed < Limit, "The references were never in memory.");
                }

                held.SetResult();
                using (HttpResponseMessage response = await reply)
                {
                    JsonNode answer = await RunningServer.JsonAsync(response, HttpStatusCode.OK);
                    Assert.Contains(answer["speakers"]!.AsArray(), speaker => (string?)speaker!["label"] == "known");
                }

                Assert.Empty(memory.FindIn(server.Id));

                // Nor does one that is refused after it was listened to.
                using (HttpResponseMessage response = await PostAsync(address, two, recording, Task.CompletedTask))
                {
                    JsonNode error = await RunningServer.JsonAsync(response, HttpStatusCode.BadRequest);
                    Assert.StartsWith("the reference of two: another person speaks in it", (string?)error["error"]!["message"]);
                }

                Assert.Empty(memory.FindIn(server.Id));
            }
            finally
            {
                server.Kill();
                await server.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>The fields that make a person known; the search looks for all forms that the recording goes through.</summary>
    private static async Task<(string Name, string Value)[]> FieldsAsync(ProcessMemory memory, string person, string path)
    {
        byte[] wav = await File.ReadAllBytesAsync(path, Cancellation);
        string text = Convert.ToBase64String(wav);
        memory.Add("base64", Encoding.ASCII.GetBytes(text));
        memory.Add("base64 as a string", Encoding.Unicode.GetBytes(text));
        memory.Add("decoded", wav);
        float[] samples = AudioReader.ReadMono(path);
        memory.Add("samples", Bytes<float>(samples));
        memory.Add("samples as 16-bit numbers in float32", Bytes<float>([.. samples.Select(sample => sample * 32768)]));
        return [("known_speaker_names[]", person), ("known_speaker_references[]", $"data:audio/wav;base64,{text}")];
    }

    private static byte[] Bytes<T>(ReadOnlySpan<T> values)
        where T : struct => MemoryMarshal.AsBytes(values).ToArray();

    private static async Task<HttpResponseMessage> PostAsync(Uri address, List<(string Name, string Value)> fields, string recording, Task held)
    {
        using var client = new HttpClient { Timeout = Limit };
        using var form = new MultipartFormDataContent { { new StringContent("any"), "model" }, { new StringContent("verbose_json"), "response_format" } };
        foreach ((string name, string value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new HeldContent(await File.ReadAllBytesAsync(recording, Cancellation), held), "file", "talk.wav");
        return await client.PostAsync(new Uri(address, "v1/audio/diarization"), form, Cancellation);
    }

    /// <summary>A file of which the second half is sent when the test says so.</summary>
    private sealed class HeldContent(byte[] content, Task held) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(content.AsMemory(0, content.Length / 2));
            await stream.FlushAsync();
            await held;
            await stream.WriteAsync(content.AsMemory(content.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length;
            return true;
        }
    }
}
