namespace Diarist.Page.Tests;

/// <summary>Files come in, are worked on, and can be stopped.</summary>
[Collection(PageCollection.Name)]
public sealed class UploadTests(PageFixture fixture)
{
    [Fact]
    public async Task Several_files_go_through_the_queue_and_the_broken_one_says_why()
    {
        await using Window window = await fixture.OpenAsync();
        IPage page = window.Page;
        await page.SetInputFilesAsync("#files", [
            new FilePayload { Name = "talk.flac", MimeType = "audio/flac", Buffer = await File.ReadAllBytesAsync(Repository.Sample) },
            new FilePayload { Name = "notes.mp3", MimeType = "audio/mpeg", Buffer = "This is no sound."u8.ToArray() }]);

        ILocator talk = Row(page, "talk.flac"), notes = Row(page, "notes.mp3");
        await talk.GetByRole(AriaRole.Progressbar).First.WaitForAsync();
        await notes.Locator(".note.bad").WaitForAsync();
        Assert.NotEqual("", (await notes.Locator(".note.bad").InnerTextAsync()).Trim());
        await Assertions.Expect(talk.Locator(".facts")).ToContainTextAsync("1:30 · 4 speakers");

        await talk.GetByRole(AriaRole.Link, new() { Name = "talk.flac" }).ClickAsync();
        await page.Locator(".turn").First.WaitForAsync();
        await Assertions.Expect(page).ToHaveTitleAsync("talk.flac – Diarist");
        Assert.Equal(4, (await window.SpeakersAsync()).Count);
        window.NoFaults();
    }

    [Fact]
    public async Task A_file_that_is_dropped_is_sent_and_can_be_cancelled_and_deleted()
    {
        await using Window window = await fixture.OpenAsync();
        IPage page = window.Page;
        // Who drops a file has seen the page; before its scripts have run it would be lost.
        await page.Locator("#files").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        // Two hours of noise take long enough to be stopped.
        await page.EvaluateAsync("""
            () => {
                const seconds = 7200, bytes = new Uint8Array(44 + 8000 * seconds);
                const view = new DataView(bytes.buffer);
                const text = (at, word) => [...word].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
                text(0, 'RIFF'); view.setUint32(4, bytes.length - 8, true); text(8, 'WAVEfmt '); view.setUint32(16, 16, true);
                view.setUint16(20, 1, true); view.setUint16(22, 1, true); view.setUint32(24, 8000, true); view.setUint32(28, 8000, true);
                view.setUint16(32, 1, true); view.setUint16(34, 8, true); text(36, 'data'); view.setUint32(40, bytes.length - 44, true);
                for (let at = 44; at < bytes.length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
                const data = new DataTransfer();
                data.items.add(new File([bytes], 'dropped.wav', { type: 'audio/wav' }));
                window.dispatchEvent(new DragEvent('dragenter', { dataTransfer: data, bubbles: true }));
                window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """);
        ILocator row = Row(page, "dropped.wav");

        await row.GetByRole(AriaRole.Progressbar).WaitForAsync();
        // Once the server works on it, its progress, speed and rest are shown.
        await Assertions.Expect(row.Locator(".facts")).ToContainTextAsync("real time");
        await Assertions.Expect(row.Locator(".facts")).ToContainTextAsync("left");
        await row.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(row.Locator(".facts")).ToContainTextAsync("Cancelled");

        await row.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        window.NoFaults();
    }

    [Fact]
    public async Task A_file_that_is_being_sent_can_be_cancelled_and_leaves_nothing()
    {
        await using Window window = await fixture.OpenAsync();
        IPage page = window.Page;
        // The server is slow with this file's bytes, so that the cancelling comes first.
        await page.RouteAsync("**/content", async _ => await Task.CompletedTask);
        await page.SetInputFilesAsync("#files", new FilePayload { Name = "regret.flac", MimeType = "audio/flac", Buffer = await File.ReadAllBytesAsync(Repository.Sample) });
        ILocator row = Row(page, "regret.flac");
        await Assertions.Expect(row.Locator(".facts")).ToContainTextAsync("Being sent");
        await row.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
        await page.UnrouteAllAsync();
        await page.ReloadAsync();
        await page.Locator("#choose").WaitForAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
    }

    private static ILocator Row(IPage page, string name) => page.Locator(".recording", new PageLocatorOptions { HasText = name });
}
