using System.Globalization;

namespace Diarist.Page.Tests;

/// <summary>Listening: a turn, its words, the speed, the keys.</summary>
[Collection(PageCollection.Name)]
public sealed class PlaybackTests(PageFixture fixture)
{
    [Fact]
    public async Task A_turn_is_played_to_its_end_and_no_further()
    {
        string id = await fixture.SharedRecordingAsync();
        var turn = (await fixture.Server.GetAsync($"/api/recordings/{id}/session")).GetProperty("turns")[0];
        double start = turn.GetProperty("start").GetDouble(), end = turn.GetProperty("end").GetDouble();
        await using Window window = await fixture.OpenAsync("");
        IPage page = window.Page;
        await window.OpenRecordingAsync(id);

        // Faster, so that the test is short; the end stays the turn's.
        await page.SelectOptionAsync("#speed", "3");
        await page.Locator(".turn").First.HoverAsync();
        await page.Locator(".turn [data-act=play]").First.ClickAsync();
        await Assertions.Expect(page.Locator("#play")).ToHaveAttributeAsync("aria-label", "Pause");
        await Assertions.Expect(page.Locator(".turn.live")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#play")).ToHaveAttributeAsync("aria-label", "Play");
        Assert.InRange(await TimeAsync(page), end - 0.11, end + 0.11);
        Assert.True(end > start);
        window.NoFaults();
    }

    [Fact]
    public async Task Keys_move_and_change_the_speed()
    {
        string id = await fixture.SharedRecordingAsync();
        await using Window window = await fixture.OpenAsync("");
        IPage page = window.Page;
        await window.OpenRecordingAsync(id);
        await page.Locator(".lane-area").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await Assertions.Expect(page.Locator("#time")).ToHaveTextAsync("0:09.0");
        await page.Keyboard.PressAsync(".");
        await Assertions.Expect(page.Locator("#speed")).ToHaveValueAsync("1.25");
        await page.Keyboard.PressAsync("End");
        Assert.InRange(await TimeAsync(page), 90, 91);
        Assert.Contains("of 1:30", await page.Locator(".lane-area").GetAttributeAsync("aria-valuetext"));

        // Home makes the first turn the current one; the arrow keys move on from it, with the focus.
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal("3", await page.EvaluateAsync<string>("() => document.activeElement.getAttribute('aria-posinset')"));
        await page.Keyboard.PressAsync("?");
        await page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" }).WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal("3", await page.EvaluateAsync<string>("() => document.activeElement.getAttribute('aria-posinset')"));
        window.NoFaults();
    }

    private static async Task<double> TimeAsync(IPage page) =>
        (await page.Locator("#time").InnerTextAsync()).Split(':').Aggregate(0.0, (sum, part) => (sum * 60) + double.Parse(part, CultureInfo.InvariantCulture));
}
