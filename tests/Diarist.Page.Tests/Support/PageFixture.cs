namespace Diarist.Page.Tests.Support;

/// <summary>One server and one browser for all tests; each test has a window of its own.</summary>
public sealed class PageFixture : IAsyncLifetime
{
    // Milliseconds. A loaded machine takes its time; nothing that passes waits for so long.
    private const int Patience = 120_000;

    private readonly RunningServer _server = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private Task<string>? _shared;

    internal RunningServer Server => _server;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Path is not null)
        {
            await _server.StartAsync();
            Assertions.SetDefaultExpectTimeout(Patience);
            _playwright = await Playwright.CreateAsync();
            _browser = await Chromium.StartAsync(_playwright);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>A recording for tests that change nothing in it.</summary>
    internal Task<string> SharedRecordingAsync() => _shared ??= _server.AddAsync("conversation.flac");

    /// <summary>Opens a window; the test is skipped where there is no browser.</summary>
    internal async Task<Window> OpenAsync(string path = "/", bool dark = false, int width = 1280, int height = 800)
    {
        Assert.SkipWhen(_browser is null, "chromium is not installed; with Debian: apt-get install chromium.");
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = _server.Address,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            HasTouch = width < 600,
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(Patience);
        var window = new Window(context, await context.NewPageAsync(), _server.Address);
        if (path.Length > 0)
        {
            await window.Page.GotoAsync(path);
        }

        return window;
    }
}

/// <summary>Tests that share the server run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class PageCollection : ICollectionFixture<PageFixture>
{
    public const string Name = "page";
}
