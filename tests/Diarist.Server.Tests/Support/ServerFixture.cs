using System.Text.Json.Nodes;

namespace Diarist.Server.Tests.Support;

/// <summary>One server with one recording that is done, for all tests that change neither.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    internal RunningServer Server { get; private set; } = null!;

    internal string Id { get; private set; } = "";

    internal JsonNode Recording { get; private set; } = null!;

    internal string Audio { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Server = await RunningServer.StartAsync(options => options with { Engine = new TestRecognizer(), EngineName = "test" });
        Audio = Samples.Piece(Server.Folder, 12);
        Id = await Server.UploadAsync(Audio);
        Recording = await Server.FinishAsync(Id);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class ServerCollection : ICollectionFixture<ServerFixture>
{
    public const string Name = "server";
}
