namespace Diarist.Page.Tests;

/// <summary>What is shown when there is nothing, when something is busy, and when something is wrong; pictures of it in both themes and sizes.</summary>
[Collection(PageCollection.Name)]
public sealed class StateTests(PageFixture fixture)
{
    private const string Running = """
        {"recordings":[
          {"id":"a","name":"interview with the mayor.wav","size":9000000,"offset":9000000,"seconds":3600,"state":"running","stage":"listening","progress":0.42,"speed":38.5,"secondsLeft":54,"created":"2026-01-01T00:00:00Z","warnings":[],"hasWords":false},
          {"id":"b","name":"board meeting.m4a","size":8000000,"offset":8000000,"state":"queued","created":"2026-01-01T00:00:00Z","warnings":[],"hasWords":false},
          {"id":"c","name":"half.flac","size":7000000,"offset":2000000,"state":"uploading","created":"2026-01-01T00:00:00Z","warnings":[],"hasWords":false},
          {"id":"d","name":"holiday.mp3","size":6000000,"offset":6000000,"state":"failed","error":{"code":"audio","message":"holiday.mp3: no audio was recognized in the file."},"created":"2026-01-01T00:00:00Z","warnings":[],"hasWords":false},
          {"id":"e","name":"telephone call.wav","size":5000000,"offset":5000000,"seconds":634,"state":"done","speakers":2,"created":"2026-01-01T00:00:00Z","warnings":["The number of speakers is uncertain."],"hasWords":true}]}
        """;

    [Theory]
    [InlineData(false, 1280)]
    [InlineData(true, 1280)]
    [InlineData(false, 390)]
    [InlineData(true, 390)]
    public async Task Lists_and_a_recording_fit_the_window_in_both_themes(bool dark, int width)
    {
        string id = await fixture.SharedRecordingAsync();
        string suffix = $"{(dark ? "dark" : "light")}-{width}";
        await using Window window = await fixture.OpenAsync("", dark, width);
        IPage page = window.Page;
        string answer = """{"recordings":[]}""";
        await page.RouteAsync("**/api/recordings", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "application/json", Body = answer }));
        await page.GotoAsync("/");
        await page.GetByText("Who speaks when, for every second").WaitForAsync();
        await FitsAsync(page);
        await window.PictureAsync($"empty-{suffix}");

        answer = Running;
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".recording")).ToHaveCountAsync(5);
        await FitsAsync(page);
        await window.PictureAsync($"busy-{suffix}");

        await window.OpenRecordingAsync(id);
        await page.Locator(".lane-area").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        // Peaks are there when the lanes have been drawn twice after the network is quiet.
        await page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
        await page.WaitForFunctionAsync("() => performance.getEntriesByType('resource').some(entry => entry.name.includes('/peaks') && entry.responseEnd > 0)");
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))");
        await FitsAsync(page);
        await window.PictureAsync($"recording-{suffix}");
        if (width < 600)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Speakers and review" }).ClickAsync();
            await page.Locator(".speakers .name").First.WaitForAsync();
            await FitsAsync(page);
            await window.PictureAsync($"speakers-{suffix}");
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(page.Locator(".review")).ToBeHiddenAsync();
            await page.Keyboard.PressAsync("v");
            await Assertions.Expect(page.Locator(".review")).ToBeVisibleAsync();
            await page.Locator(".answer").First.WaitForAsync();
            await FitsAsync(page);
            await window.PictureAsync($"review-{suffix}");
        }
        window.NoFaults();
    }

    [Fact]
    public async Task What_is_not_there_says_so_and_leads_back()
    {
        await using Window window = await fixture.OpenAsync("/#/recording/00000000000000000000000000000000");
        IPage page = window.Page;
        await page.GetByText("There is no such recording").WaitForAsync();
        await window.PictureAsync("not-there");
        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "All recordings" }).ClickAsync();
        await page.Locator("#choose").WaitForAsync();
    }

    [Fact]
    public async Task The_theme_is_chosen_and_remembered()
    {
        await using Window window = await fixture.OpenAsync();
        IPage page = window.Page;
        ILocator button = page.Locator("#theme");
        await Assertions.Expect(button).ToHaveAccessibleNameAsync("Theme: as the system");
        await button.ClickAsync();
        await button.ClickAsync();
        await Assertions.Expect(button).ToHaveAccessibleNameAsync("Theme: dark");
        await page.ReloadAsync();
        await Assertions.Expect(button).ToHaveAccessibleNameAsync("Theme: dark");
        Assert.Equal("dark", await page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).colorScheme"));
        window.NoFaults();
    }

    /// <summary>Nothing is wider than the window.</summary>
    private static async Task FitsAsync(IPage page) =>
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window");
}
