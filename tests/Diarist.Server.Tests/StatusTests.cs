using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;

namespace Diarist.Server.Tests;

/// <summary>What the server says of itself.</summary>
[Collection(ServerCollection.Name)]
public class StatusTests(ServerFixture fixture)
{
    [Fact]
    public async Task The_document_names_every_interface_with_the_parameters_of_its_path()
    {
        JsonObject paths = (await fixture.Server.GetAsync("openapi/v1.json"))["paths"]!.AsObject();
        foreach (string path in (string[])["/v1/audio/transcriptions", "/v1/audio/diarization", "/v1/diarize", "/v1/jobs/{id}", "/v1/media/input", "/v1/models", "/api/recordings", "/api/recordings/{id}/edits", "/api/events", "/health/live", "/health/ready"])
        {
            Assert.True(paths.ContainsKey(path), $"{path} is missing among {string.Join(' ', paths.Select(pair => pair.Key))}");
        }

        JsonNode parameter = Assert.Single(paths["/v1/jobs/{id}"]!["get"]!["parameters"]!.AsArray())!;
        Assert.Equal("path", (string?)parameter["in"]);
        Assert.NotNull(paths["/v1/diarize"]!["post"]!["summary"]);
    }

    [Fact]
    public async Task It_lives_and_is_ready()
    {
        Assert.Equal("live", (string?)(await fixture.Server.GetAsync("health/live"))["status"]);
        Assert.Equal("ready", (string?)(await fixture.Server.GetAsync("health/ready"))["status"]);
    }

    [Fact]
    public async Task Jobs_and_seconds_are_counted()
    {
        var counted = new System.Collections.Concurrent.ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meter) =>
        {
            if (instrument.Meter.Name == "Diarist.Server")
            {
                meter.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => counted.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => counted.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();
        var traced = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var activities = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source => source.Name == "Diarist.Server",
            Sample = (ref _) => System.Diagnostics.ActivitySamplingResult.AllData,
            ActivityStopped = activity => traced.Add(activity.OperationName),
        };
        System.Diagnostics.ActivitySource.AddActivityListener(activities);
        await using RunningServer server = await RunningServer.StartAsync();
        string id = await server.UploadAsync(Samples.Piece(server.Folder, 3));
        await server.FinishAsync(id);
        Assert.True(counted["diarist.jobs"] >= 1);
        Assert.True(counted["diarist.audio"] >= 3);
        Assert.Contains("diarist.uploads", counted.Keys);
        Assert.Contains("job", traced);
    }
}
