namespace Diarist.Page.Tests;

/// <summary>Names, focus and contrast.</summary>
[Collection(PageCollection.Name)]
public sealed class AccessibilityTests(PageFixture fixture)
{
    private const string Unnamed = """
        () => [...document.querySelectorAll('button, a[href], input, select, [role=slider], [role=progressbar], [tabindex="0"], section, aside, dialog, ol, img')]
            .filter(element => element.checkVisibility({ visibilityProperty: true }) && element.getAttribute('aria-hidden') !== 'true')
            .filter(element => !(element.ariaLabel || element.labels?.length || element.innerText?.trim() || element.title || element.alt === '' && element.tagName === 'IMG'
                || (element.getAttribute('aria-labelledby') ?? '').split(' ').some(id => id && document.getElementById(id)?.innerText.trim())))
            .map(element => element.outerHTML.slice(0, 200))
        """;

    private const string SmallText = """
        () => {
            const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
            const channel = value => value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
            const luminance = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
            const paint = colours => {
                canvas.clearRect(0, 0, 1, 1);
                for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
                return [...canvas.getImageData(0, 0, 1, 1).data];
            };
            const grounds = element => {
                const found = [];
                for (let at = element; at; at = at.parentElement) { found.unshift(getComputedStyle(at).backgroundColor); }
                return ['white', ...found];
            };
            const poor = [];
            for (const element of document.querySelectorAll('body *')) {
                const style = getComputedStyle(element);
                const text = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
                if (!text || !element.checkVisibility() || element.closest('[aria-hidden=true]:not(.badge), :disabled, .visually-hidden') || style.opacity === '0') { continue; }
                const behind = grounds(element);
                const [low, high] = [luminance(paint(behind)), luminance(paint([...behind, style.color]))].sort((left, right) => left - right);
                const ratio = (high + 0.05) / (low + 0.05);
                if (ratio < 4.5) { poor.push(`${ratio.toFixed(2)} ${style.color} on ${behind.at(-1)}: ${element.className || element.tagName} ${element.textContent.trim().slice(0, 30)}`); }
            }
            return [...new Set(poor)];
        }
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_control_has_a_name_and_every_text_enough_contrast(bool dark)
    {
        string id = await fixture.SharedRecordingAsync();
        await using Window window = await fixture.OpenAsync(dark: dark);
        IPage page = window.Page;
        await page.Locator(".recording").First.WaitForAsync();
        await CheckAsync(page);
        await window.OpenRecordingAsync(id);
        await CheckAsync(page);
        await page.Keyboard.PressAsync("t");
        await page.Locator("dialog[open]").WaitForAsync();
        await CheckAsync(page);
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#export").ClickAsync();
        await CheckAsync(page);
        window.NoFaults();
    }

    [Fact]
    public async Task The_tab_key_reaches_every_part_in_order_and_shows_where_it_is()
    {
        string id = await fixture.SharedRecordingAsync();
        await using Window window = await fixture.OpenAsync("");
        IPage page = window.Page;
        await window.OpenRecordingAsync(id);
        var seen = new List<string>();
        for (int press = 0; press < 60; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            string[] at = await page.EvaluateAsync<string[]>("""
                () => {
                    const element = document.activeElement;
                    const part = element.closest('header, .timeline, .transport, .transcript, .side, .skip');
                    return [part?.className || part?.tagName || 'BODY', getComputedStyle(element).outlineStyle, element.tagName];
                }
                """);
            if (at[2] == "BODY")
            {
                break;
            }

            Assert.Equal("solid", at[1]);
            if (seen.Count == 0 || seen[^1] != at[0])
            {
                seen.Add(at[0]);
            }
        }

        Assert.Equal(["skip", "top", "timeline", "transport", "transcript", "side"], seen);
        window.NoFaults();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Words_of_every_speaker_and_confidence_are_readable_and_speakers_differ_for_the_colour_blind(bool dark)
    {
        await using Window window = await fixture.OpenAsync(dark: dark);
        double[][] colours = await window.Page.EvaluateAsync<double[][]>("""
            () => {
                const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
                const read = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map(value => value / 255); };
                const probe = document.body.appendChild(document.createElement('span'));
                const result = ['--surface', '--current', '--ground'].map(name => { probe.style.color = `var(${name})`; return read(getComputedStyle(probe).color); });
                probe.style.color = '';
                for (let speaker = 0; speaker < 8; speaker++) {
                    for (let step = 4; step >= 0; step--) {
                        probe.dataset.speaker = speaker;
                        probe.className = `w c${step}`;
                        result.push(read(getComputedStyle(probe).color));
                    }
                }
                return result;
            }
            """);
        Assert.Equal(3 + (8 * 5), colours.Length);
        foreach (double[] word in colours[3..])
        {
            Assert.All(colours[..3], ground => Assert.True(Colours.Contrast(word, ground) >= 4.5, $"{Colours.Text(word)} on {Colours.Text(ground)}: {Colours.Contrast(word, ground):0.00}"));
        }

        double[][] speakers = [.. Enumerable.Range(0, 8).Select(speaker => colours[3 + (5 * speaker)])];
        foreach (Sight sight in Enum.GetValues<Sight>())
        {
            for (int left = 0; left < speakers.Length; left++)
            {
                for (int right = 0; right < left; right++)
                {
                    double distance = Colours.Distance(speakers[left], speakers[right], sight);
                    Assert.True(distance > 0.07, $"{Colours.Text(speakers[left])} and {Colours.Text(speakers[right])} look alike ({distance:0.000}) with {sight}.");
                }
            }
        }
        window.NoFaults();
    }

    private static async Task CheckAsync(IPage page)
    {
        Assert.Empty(await page.EvaluateAsync<string[]>(Unnamed));
        Assert.Empty(await page.EvaluateAsync<string[]>(SmallText));
    }
}
