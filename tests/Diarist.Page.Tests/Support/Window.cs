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

    /// <summary>Nothing went wrong in this window: no error on the console, no request to elsewhere.</summary>
    public void NoFaults()
    {
        lock (_faults)
        {
            Assert.Empty(_faults);
        }
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private void Note(string fault)
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }
    }
}
