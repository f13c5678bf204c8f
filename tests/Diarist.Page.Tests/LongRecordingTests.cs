using System.Text.Json;

namespace Diarist.Page.Tests;

/// <summary>Ten hours: only what is in sight exists, and scrolling stays smooth.</summary>
[Collection(PageCollection.Name)]
public sealed class LongRecordingTests(PageFixture fixture, ITestOutputHelper output)
{
    /// <summary>Moves something in each of 120 frames and measures the time between them.</summary>
    private const string Frames = """
        move => new Promise(done => {
            const scroller = document.querySelector('.virtual-scroller');
            const lanes = document.querySelector('.lane-area');
            const wheel = change => lanes.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: 700, clientY: 150, ...change }));
            const moves = {
                scroll: () => { scroller.scrollTop += 120; },
                jump: frame => { scroller.scrollTop = scroller.scrollHeight * ((frame * 0.618) % 1); },
                zoom: frame => wheel({ deltaY: frame < 60 ? -30 : 30, ctrlKey: true }),
                pan: () => wheel({ deltaX: 40 }),
            };
            const times = [];
            let last = 0;
            requestAnimationFrame(function frame(now) {
                if (last) { times.push(now - last); }
                last = now;
                if (times.length === 120) { done(times); return; }
                moves[move](times.length);
                requestAnimationFrame(frame);
            });
        })
        """;

    [Fact]
    public async Task The_list_shows_the_right_turns_and_keeps_few_of_them()
    {
        await using Window window = await fixture.OpenAsync();
        IPage page = window.Page;
        await LongRecording.AnswerAsync(page);
        await window.OpenRecordingAsync(LongRecording.Id);
        await Assertions.Expect(page.Locator(".turn").First).ToHaveAttributeAsync("aria-setsize", $"{LongRecording.Turns}");
        foreach (double share in (double[])[0.25, 0.5, 1])
        {
            await page.EvaluateAsync("share => { const list = document.querySelector('.virtual-scroller'); list.scrollTop = share * list.scrollHeight; }", share);
            await page.WaitForFunctionAsync("""
                ([share, count]) => [...document.querySelectorAll('.turn')].some(row => Math.abs(row.getAttribute('aria-posinset') / count - share) < 0.05)
                """, new object[] { share, LongRecording.Turns });
            Assert.InRange(await page.Locator(".turn").CountAsync(), 5, 80);
        }

        // From the middle of the timeline to the turn there.
        await page.Locator(".lane-area").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await page.Locator(".turn[aria-posinset='1']").WaitForAsync();
        await window.PictureAsync("ten-hours");
        window.NoFaults();
    }

    [Fact]
    public async Task Scrolling_and_zooming_take_no_longer_than_in_a_short_recording()
    {
        await using Window window = await fixture.OpenAsync();
        await window.OpenRecordingAsync(await fixture.SharedRecordingAsync());
        Dictionary<string, double> brief = await PaceAsync(window);
        await LongRecording.AnswerAsync(window.Page);
        await window.OpenRecordingAsync(LongRecording.Id);
        await Assertions.Expect(window.Page.Locator(".turn").First).ToHaveAttributeAsync("aria-setsize", $"{LongRecording.Turns}");
        foreach ((string move, double time) in await PaceAsync(window))
        {
            // There are some hundred times as many turns: work that grows with them takes far longer than eight times.
            Assert.True(time < 8 * brief[move], $"{move}: {time:0} ms a frame, and {brief[move]:0} ms in 90 seconds of sound");
        }

        window.NoFaults();
    }

    /// <summary>The median time of a frame, in milliseconds, for each kind of move.</summary>
    private async Task<Dictionary<string, double>> PaceAsync(Window window)
    {
        var medians = new Dictionary<string, double>();
        foreach (string move in (string[])["scroll", "jump", "zoom", "pan"])
        {
            double[] times = (await window.Page.EvaluateAsync<JsonElement>(Frames, move)).EnumerateArray().Select(time => time.GetDouble()).Order().ToArray();
            output.WriteLine($"{move}: {1000 / times.Average():0.0} frames a second; frame times: median {times[60]:0.0} ms, 95 of 100 {times[114]:0.0} ms, longest {times[^1]:0.0} ms");
            medians.Add(move, times[60]);
        }

        return medians;
    }
}
