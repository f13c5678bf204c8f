using System.Text.Json;

namespace Diarist.Page.Tests;

/// <summary>Questions one after another, answered with keys.</summary>
[Collection(PageCollection.Name)]
public sealed class ReviewTests(PageFixture fixture)
{
    [Fact]
    public async Task Questions_are_answered_skipped_and_ended_with_keys()
    {
        string id = await fixture.Server.AddAsync("review.flac");
        await using Window window = await fixture.OpenAsync("");
        IPage page = window.Page;
        // So that the questions are known, they are about the first turns, and the answers go to the server as what is said of these turns only.
        int asked = 0;
        await page.RouteAsync("**/review", async route =>
        {
            JsonElement session = await fixture.Server.GetAsync($"/api/recordings/{id}/session");
            JsonElement[] turns = [.. session.GetProperty("turns").EnumerateArray()];
            JsonElement[] speakers = [.. session.GetProperty("speakers").EnumerateArray()];
            var questions = Enumerable.Range(asked++, 3).Select(turn => new
            {
                turn,
                start = turns[turn].GetProperty("start").GetDouble(),
                end = turns[turn].GetProperty("end").GetDouble(),
                choices = speakers.Select(speaker => new { label = speaker.GetProperty("label").GetString(), name = speaker.GetProperty("name").GetString() }),
                secondsAffected = 12.5,
                excerpts = speakers.Select(speaker => new { speaker = speaker.GetProperty("label").GetString(), start = 1.0, end = 2.0 }),
            });
            await route.FulfillAsync(new RouteFulfillOptions { ContentType = "application/json", Body = JsonSerializer.Serialize(new { questions }) });
        });
        await page.RouteAsync("**/edits", route => route.ContinueAsync(new RouteContinueOptions
        {
            PostData = System.Text.Encoding.UTF8.GetBytes(route.Request.PostData!.Replace("\"kind\":\"answer\"", "\"kind\":\"assign\",\"onlyThese\":true", StringComparison.Ordinal)),
        }));
        await window.OpenRecordingAsync(id);
        await page.Keyboard.PressAsync("v");
        ILocator answers = page.Locator(".answers li");
        await Assertions.Expect(answers).ToHaveCountAsync(4);
        string second = await answers.Nth(1).Locator(".grow").InnerTextAsync();
        await window.PictureAsync("review");

        await page.Keyboard.PressAsync("2");
        await Assertions.Expect(page.Locator(".turn[aria-posinset='1'] .who")).ToHaveTextAsync(second);
        await page.Locator("#saved[data-state=saved]").WaitForAsync();
        // The next question is about the next turn; it is skipped, then the review ends.
        string question = await page.Locator(".asked").InnerTextAsync();
        await page.Keyboard.PressAsync("s");
        await Assertions.Expect(page.Locator(".asked")).Not.ToHaveTextAsync(question);
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#review-start").WaitForAsync();
        JsonElement after = await fixture.Server.GetAsync($"/api/recordings/{id}/session");
        Assert.True(after.GetProperty("canUndo").GetBoolean());
        window.NoFaults();
    }

    [Fact]
    public async Task The_servers_own_questions_lead_to_an_end()
    {
        string id = await fixture.Server.AddAsync("questions.flac");
        await using Window window = await fixture.OpenAsync("");
        IPage page = window.Page;
        await window.OpenRecordingAsync(id);
        await page.Keyboard.PressAsync("v");
        ILocator again = page.Locator("#review-start", new() { HasText = "Look again" }), asked = page.Locator(".asked");
        await again.Or(asked).First.WaitForAsync();
        for (int question = 0; question < 3 && await asked.IsVisibleAsync(); question++)
        {
            string text = await asked.InnerTextAsync();
            await page.Keyboard.PressAsync("1");
            await Assertions.Expect(page.Locator(".asked", new() { HasText = text })).ToHaveCountAsync(0);
            await again.Or(asked).First.WaitForAsync();
        }
        window.NoFaults();
    }
}
