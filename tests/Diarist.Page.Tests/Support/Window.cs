namespace Diarist.Page.Tests.Support;

/// <summary>A window of the browser that remembers what went wrong in it.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _faults = [];

    public Window(IBrowserContext context, IPage page, string address)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Note($"console: {message.Text}");
            }
        };
        page.PageError += (_, error) => Note($"error: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                Note($"request to elsewhere: {request.Url}");
            }
        };
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Whether a test makes the server refuse or vanish, so that the browser notes failed requests.</summary>
    public bool FailuresExpected { get; set; }

    /// <summary>Opens a recording and waits for its turns.</summary>
    public async Task OpenRecordingAsync(string id)
    {
        await Page.GotoAsync($"/#/recording/{id}");
        await Page.Locator(".turn").First.WaitForAsync();
    }

    /// <summary>The names of the speakers, as the panel lists them.</summary>
    public async Task<IReadOnlyList<string>> SpeakersAsync() => await Page.Locator(".speakers .name").AllInnerTextsAsync();

    /// <summary>Waits until the page says that everything is saved and the panel lists so many speakers.</summary>
    public async Task SavedWithAsync(int speakers)
    {
        await Page.Locator("#saved[data-state=saved]").WaitForAsync();
        await Assertions.Expect(Page.Locator(".speakers .name")).ToHaveCountAsync(speakers);
    }

    /// <summary>Takes a picture.</summary>
    public Task PictureAsync(string name) => Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Repository.Screenshots, $"{name}.png") });

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.True(FailuresExpected || _faults.Count == 0, string.Join(Environment.NewLine, _faults));
    }

    private void Note(string fault)
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }
    }
}
