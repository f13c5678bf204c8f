using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Diarist.Server.Tests;

/// <summary><c>diarist serve --anonymous</c> as users start it: no name and no voice goes in, and none comes out.</summary>
public partial class AnonymousServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_command_serves_without_names_and_voices()
    {
        using var folder = new ScratchFolder();
        string recording = Samples.Piece(folder.Path, 14, "talk.wav");
        string reference = $"data:audio/wav;base64,{Convert.ToBase64String(await File.ReadAllBytesAsync(Samples.Piece(folder.Path, 4, "voice.wav", 2.1), Cancellation))}";
        string data = Path.Combine(folder.Path, "data");
        (Process server, Uri address) = await Tool.ServeAsync("--anonymous", "--data", data);
        using (server)
        using (var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(3) })
        {
            try
            {
                foreach ((string, string)[] fields in ((string, string)[][])[[("known_speaker_names[]", "Ada")], [("known_speaker_references[]", reference)], [("known_speaker_names[]", "Ada"), ("known_speaker_references[]", reference)]])
                {
                    using HttpResponseMessage refused = await PostAsync(client, recording, fields);
                    JsonNode error = await RunningServer.JsonAsync(refused, HttpStatusCode.Forbidden);
                    Assert.Equal("anonymous", (string?)error["error"]!["code"]);
                }

                Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(data, "recordings")));
                using (HttpResponseMessage reply = await PostAsync(client, recording))
                {
                    JsonNode answer = await RunningServer.JsonAsync(reply, HttpStatusCode.OK);
                    Assert.True(answer["speakers"]!.AsArray().Count > 0);
                    OnlyLabels(answer);
                }

                // A recording that is kept: corrections may not bring a name in, and what is read of it has none.
                using var content = new ByteArrayContent(await File.ReadAllBytesAsync(recording, Cancellation)) { Headers = { ContentType = new("audio/wav") } };
                using HttpResponseMessage brought = await client.PostAsync(new Uri("api/recordings?name=talk.wav", UriKind.Relative), content, Cancellation);
                string id = (string)(await RunningServer.JsonAsync(brought, HttpStatusCode.Created))["id"]!;
                using (Stream events = await client.GetStreamAsync(new Uri($"api/recordings/{id}/events", UriKind.Relative), Cancellation))
                using (var lines = new StreamReader(events))
                {
                    while (await lines.ReadLineAsync(Cancellation) is { } line && !line.Contains("\"state\":\"done\"", StringComparison.Ordinal))
                    {
                    }
                }

                JsonNode session = await GetAsync(client, $"api/recordings/{id}/session");
                OnlyLabels(session);
                string label = (string)session["speakers"]![0]!["label"]!;
                int revision = (int)session["revision"]!;
                foreach (object edit in (object[])[new { kind = "rename", label, name = "Ada", revision }, new { kind = "assign", turns = (int[])[0], label = "Ada", revision }])
                {
                    using HttpResponseMessage refused = await client.PostAsJsonAsync($"api/recordings/{id}/edits", edit, Cancellation);
                    Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
                }

                OnlyLabels(await GetAsync(client, $"api/recordings/{id}/session"));
                OnlyLabels(await GetAsync(client, $"api/recordings/{id}/export?format=json"));
            }
            finally
            {
                server.Kill();
                await server.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    [GeneratedRegex(@"^SPEAKER_\d+$")]
    private static partial Regex Label();

    /// <summary>Whoever is told of has a label, and nothing says a voice.</summary>
    private static void OnlyLabels(JsonNode node)
    {
        int speakers = 0;
        Look(node, "");
        Assert.True(speakers > 0);

        void Look(JsonNode? at, string member)
        {
            switch (at)
            {
                case JsonObject members:
                    foreach ((string name, JsonNode? value) in members)
                    {
                        Assert.DoesNotContain(name, (string[])["identities", "embeddings", "voices", "names"]);
                        Look(value, name);
                    }

                    break;
                case JsonArray items:
                    foreach (JsonNode? item in items)
                    {
                        Look(item, member);
                    }

                    break;
                case JsonValue value when member is "speaker" or "label" && value.GetValueKind() == JsonValueKind.String && !int.TryParse((string?)value, out _):
                    Assert.Matches(Label(), (string)value!);
                    speakers++;
                    break;
                default:
                    break;
            }
        }
    }

    private static async Task<JsonNode> GetAsync(HttpClient client, string path)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return await RunningServer.JsonAsync(response, HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string recording, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent("any"), "model" }, { new StringContent("verbose_json"), "response_format" } };
        foreach ((string name, string value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(recording, Cancellation)), "file", "talk.wav");
        return await client.PostAsync(new Uri("v1/audio/diarization", UriKind.Relative), form, Cancellation);
    }
}
