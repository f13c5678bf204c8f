using System.Text;

namespace Diarist.Page.Tests;

/// <summary>What is typed and chosen: the number of people, where a turn ends, a transcript, the key of a server.</summary>
[Collection(PageCollection.Name)]
public sealed class FormTests(PageFixture fixture)
{
    [Fact]
    public async Task The_number_of_people_the_end_of_a_turn_and_a_transcript_are_taken()
    {
        string id = await fixture.Server.AddAsync("forms.flac");
        await using Window window = await fixture.OpenAsync("");
        IPage page = window.Page;
        await window.OpenRecordingAsync(id);
        await page.SelectOptionAsync("#count", "2");
        await window.SavedWithAsync(2);
        await Assertions.Expect(page.GetByText("You said 2 people.")).ToBeVisibleAsync();
        await page.SelectOptionAsync("#count", "");
        await window.SavedWithAsync(4);

        double start = (await TurnsAsync(id))[0].GetProperty("start").GetDouble();
        await page.Locator(".turn [data-act=who]").First.ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Whose turn is this?" });
        await dialog.GetByText("Move its beginning or end").ClickAsync();
        await dialog.GetByLabel("Ends at").Last.FillAsync("nonsense");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Move" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await dialog.GetByLabel("Ends at").Last.FillAsync(FormattableString.Invariant($"0:{start + 1:00.000}"));
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Move" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#redo")).ToBeDisabledAsync();
        await page.Locator("#saved[data-state=saved]").WaitForAsync();
        Assert.InRange((await TurnsAsync(id))[0].GetProperty("end").GetDouble(), start + 0.9, start + 1.1);

        string words = FormattableString.Invariant($"1\n00:00:0{start:0.000} --> 00:00:0{start + 0.9:0.000}\nHello everybody\n").Replace('.', ',');
        await page.SetInputFilesAsync("#transcript-file", new FilePayload { Name = "words.srt", MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes(words) });
        await Assertions.Expect(page.Locator(".turn").First).ToContainTextAsync("everybody");
        await window.PictureAsync("forms");
        window.NoFaults();
    }

    [Fact]
    public async Task A_name_that_is_being_typed_stays_while_the_recording_changes()
    {
        string id = await fixture.Server.AddAsync("typing.flac");
        await using Window window = await fixture.OpenAsync("");
        IPage page = window.Page;
        await window.OpenRecordingAsync(id);
        await page.SelectOptionAsync("#count", "3");
        await window.SavedWithAsync(3);
        await page.Locator(".turn").First.ClickAsync();
        await page.Keyboard.PressAsync("r");
        await page.Keyboard.TypeAsync("Ann");
        await page.EvaluateAsync("() => document.getElementById('undo').click()");
        await Assertions.Expect(page.Locator(".speakers li")).ToHaveCountAsync(4);
        ILocator field = page.Locator(".speakers input");
        await Assertions.Expect(field).ToHaveValueAsync("Ann");
        await Assertions.Expect(field).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("a");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".speakers .name", new() { HasText = "Anna" })).ToBeVisibleAsync();
        await Assertions.Expect(field).ToHaveCountAsync(0);
        window.NoFaults();
    }

    [Fact]
    public async Task A_server_with_keys_asks_until_the_key_is_right()
    {
        const string Key = "a key of more than sixteen characters";
        string keys = Path.GetTempFileName();
        await File.WriteAllTextAsync(keys, Key + "\n", TestContext.Current.CancellationToken);
        await using var server = new RunningServer();
        try
        {
            Assert.SkipWhen(Chromium.Path is null, "chromium is not installed; with Debian: apt-get install chromium.");
            await server.StartAsync("--api-key-file", keys);
            await using Window window = await fixture.OpenAsync("");
            IPage page = window.Page;
            await page.GotoAsync(server.Address);
            ILocator dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "This server asks for a key" });
            await dialog.GetByLabel("Key").FillAsync("not the key of this server");
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("#gone")).ToBeHiddenAsync();
            await window.PictureAsync("key");
            await dialog.GetByLabel("Key").FillAsync(Key);
            await page.Keyboard.PressAsync("Enter");
            await page.GetByText("Who speaks when, for every second").WaitForAsync();
            await page.ReloadAsync();
            await page.GetByText("Who speaks when, for every second").WaitForAsync();
            await Assertions.Expect(dialog).ToHaveCountAsync(0);
        }
        finally
        {
            File.Delete(keys);
        }
    }

    private async Task<System.Text.Json.JsonElement[]> TurnsAsync(string id) =>
        [.. (await fixture.Server.GetAsync($"/api/recordings/{id}/session")).GetProperty("turns").EnumerateArray()];
}
