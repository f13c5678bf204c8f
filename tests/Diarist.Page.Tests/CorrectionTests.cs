namespace Diarist.Page.Tests;

/// <summary>Corrections reach every turn, every export, and the next visit.</summary>
[Collection(PageCollection.Name)]
public sealed class CorrectionTests(PageFixture fixture)
{
    [Fact]
    public async Task Rename_merge_undo_and_export_give_the_bytes_of_the_tool_and_outlast_a_killed_server()
    {
        string id = await fixture.Server.AddAsync("conversation.flac");
        await using Window window = await fixture.OpenAsync("");
        IPage page = window.Page;
        await window.OpenRecordingAsync(id);
        IReadOnlyList<string> before = await window.SpeakersAsync();
        Assert.Equal(4, before.Count);

        await RenameAsync(page, before[0], "Anna Ünal");
        await window.SavedWithAsync(4);
        await Assertions.Expect(page.Locator(".turn .who").First).ToHaveTextAsync("Anna Ünal");

        // The same name for another speaker asks whether they are one person.
        await RenameAsync(page, before[1], "Anna Ünal");
        ILocator question = page.GetByRole(AriaRole.Dialog, new() { Name = "Are both Anna Ünal?" });
        await question.GetByRole(AriaRole.Button, new() { Name = "They are the same person" }).ClickAsync();
        await window.SavedWithAsync(3);
        await page.Keyboard.PressAsync("Control+z");
        await window.SavedWithAsync(4);
        await page.Keyboard.PressAsync("Control+Shift+z");
        await window.SavedWithAsync(3);
        await page.Locator("#undo").ClickAsync();
        await window.SavedWithAsync(4);
        await RenameAsync(page, before[2], "Rose");
        await Assertions.Expect(page.Locator(".speakers .name", new() { HasText = "Rose" })).ToBeVisibleAsync();
        await window.SavedWithAsync(4);

        string folder = Directory.CreateTempSubdirectory("diarist-page").FullName;
        try
        {
            string session = Path.Combine(folder, "conversation.diarist");
            await Tool.RunAsync("diarize", Repository.Sample, "--save", session, "--output", Path.Combine(folder, "first.json"));
            await Tool.RunAsync("session", "rename", session, before[0], "Anna Ünal");
            await Tool.RunAsync("session", "rename", session, before[2], "Rose");
            string[] formats = ["text", "rttm", "json"];
            await Task.WhenAll(formats.Select(format => Tool.RunAsync("session", "export", session, "--format", format, "--output", Path.Combine(folder, $"tool.{format}"))));
            foreach (string format in formats)
            {
                string expected = Path.Combine(folder, $"tool.{format}"), actual = Path.Combine(folder, $"page.{format}");
                await page.Locator("#export").ClickAsync();
                IDownload download = await page.RunAndWaitForDownloadAsync(() => page.Locator($"[role=menuitem][href$='format=turns.{format}']").ClickAsync());
                await download.SaveAsAsync(actual);
                Assert.Equal(await File.ReadAllBytesAsync(expected), await File.ReadAllBytesAsync(actual));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        await fixture.Server.KillAsync();
        await page.GetByText("The server does not answer").WaitForAsync();
        await window.PictureAsync("server-gone");
        // A correction waits for the server.
        await RenameAsync(page, before[3], "Otto");
        await page.Locator("#saved[data-state=waiting]").WaitForAsync();
        await fixture.Server.StartAsync();
        await page.Locator("#saved[data-state=saved]").WaitForAsync();
        await Assertions.Expect(page.Locator("#gone")).ToBeHiddenAsync();
        await page.ReloadAsync();
        await page.Locator(".turn").First.WaitForAsync();
        Assert.Equal(["Anna Ünal", before[1], "Rose", "Otto"], (await window.SpeakersAsync()).OrderBy(name => Array.IndexOf(["Anna Ünal", before[1], "Rose", "Otto"], name)));
        await Assertions.Expect(page.Locator("#undo")).ToBeEnabledAsync();
    }

    [Fact]
    public async Task Turns_get_other_speakers_are_split_and_are_nobodys()
    {
        string id = await fixture.Server.AddAsync("turns.flac");
        // High enough for all turns.
        await using Window window = await fixture.OpenAsync("", height: 2400);
        IPage page = window.Page;
        await window.OpenRecordingAsync(id);
        int turns = await page.Locator(".turn").First.GetAttributeAsync("aria-setsize") is { } size ? int.Parse(size, System.Globalization.CultureInfo.InvariantCulture) : 0;

        // This turn only, somebody new.
        await page.Locator(".turn .who").First.ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name of the new speaker").FillAsync("Zoe");
        await dialog.GetByLabel("only this turn").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
        await window.SavedWithAsync(5);
        await Assertions.Expect(page.Locator(".turn .who").First).ToHaveTextAsync("Zoe");
        await page.Keyboard.PressAsync("z");
        await window.SavedWithAsync(4);

        // Nobody's.
        await page.Locator(".turn").First.FocusAsync();
        await page.Keyboard.PressAsync("t");
        await dialog.GetByLabel("nobody").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
        await Assertions.Expect(page.Locator(".turn").First).Not.ToHaveAttributeAsync("aria-setsize", $"{turns}");
        await page.Keyboard.PressAsync("z");
        await Assertions.Expect(page.Locator(".turn").First).ToHaveAttributeAsync("aria-setsize", $"{turns}");

        // Two turns of one speaker, longest first, said to be of different people.
        string[] longest = await page.EvaluateAsync<string[]>("""
            async id => {
                const { turns } = await (await fetch(`/api/recordings/${id}/session`)).json();
                const own = turns.map((turn, index) => ({ ...turn, place: String(index + 1) })).filter(turn => turn.speaker === turns[0].speaker);
                return own.sort((left, right) => right.end - right.start - left.end + left.start).slice(0, 2).map(turn => turn.place);
            }
            """, id);
        double[] middles = await page.EvaluateAsync<double[]>("([id, places]) => fetch(`/api/recordings/${id}/session`).then(answer => answer.json()).then(({ turns }) => places.map(place => (turns[place - 1].start + turns[place - 1].end) / 2))", new object[] { id, longest });
        foreach (string place in longest)
        {
            ILocator row = page.Locator($".turn[aria-posinset='{place}']");
            await row.HoverAsync();
            await row.Locator("[data-act=mark]").ClickAsync();
        }

        await page.GetByText("2 turns are marked").WaitForAsync();
        await page.Keyboard.PressAsync("d");
        await Assertions.Expect(page.GetByText("turns are marked")).ToBeHiddenAsync();
        await page.Locator("#saved[data-state=saved]").WaitForAsync();
        // All turns are made anew, so they are found by time.
        string[] speakers = await page.EvaluateAsync<string[]>("([id, times]) => fetch(`/api/recordings/${id}/session`).then(answer => answer.json()).then(({ turns }) => times.map(time => turns.find(turn => turn.speaker && turn.start <= time && turn.end > time).speaker))", new object[] { id, middles });
        Assert.NotEqual(speakers[0], speakers[1]);
        window.NoFaults();
    }

    private static async Task RenameAsync(IPage page, string speaker, string name)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = $"Rename {speaker}", Exact = true }).ClickAsync();
        await page.Locator(".speakers input").FillAsync(name);
        await page.Keyboard.PressAsync("Enter");
    }
}
