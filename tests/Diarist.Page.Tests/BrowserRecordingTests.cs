using Diarist.Audio;

namespace Diarist.Page.Tests;

/// <summary>What a browser records is WebM without sizes and without a duration; it is decoded here, and no ffmpeg is asked.</summary>
[Collection(PageCollection.Name)]
public sealed class BrowserRecordingTests(PageFixture fixture)
{
    [Fact]
    public async Task A_recording_of_a_browser_keeps_its_times()
    {
        await using Window window = await fixture.OpenAsync();

        // Sound is allowed only after somebody has touched the page.
        await window.Page.Mouse.ClickAsync(5, 5);
        string recorded = await window.Page.EvaluateAsync<string>("""
            async () => {
                const context = new AudioContext(), target = context.createMediaStreamDestination(), tone = context.createOscillator(), loudness = context.createGain();
                await context.resume();
                tone.connect(loudness).connect(target);
                loudness.gain.value = 0;
                tone.start();
                const recorder = new MediaRecorder(target.stream, { mimeType: 'audio/webm;codecs=opus' }), parts = [];
                recorder.ondataavailable = part => parts.push(part.data);
                const stopped = new Promise(resolve => recorder.onstop = resolve);
                const started = new Promise(resolve => recorder.onstart = resolve);
                recorder.start(500);
                await started;
                const now = context.currentTime;
                for (const [at, level] of [[0.5, 0.5], [1, 0], [2, 0.5], [2.5, 0]]) loudness.gain.setValueAtTime(level, now + at);
                await new Promise(resolve => setTimeout(resolve, 3000));
                recorder.stop();
                await stopped;
                const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
                return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
            }
            """);

        using AudioStream audio = AudioReader.Open(new MemoryStream(Convert.FromBase64String(recorded)));
        var samples = new List<float>();
        float[] block = new float[4096 * audio.Info.Channels];
        for (int frames; (frames = audio.Read(block)) > 0;)
        {
            samples.AddRange(Enumerable.Range(0, frames).Select(frame => block[frame * audio.Info.Channels]));
        }

        Assert.Equal("WebM, Opus", audio.Info.Format);
        double rate = audio.Info.SampleRate;
        Assert.InRange(samples.Count / rate, 2.7, 4);

        // Two tones of half a second begin 1.5 s apart.
        int[] loud = [.. Enumerable.Range(0, samples.Count).Where(index => Math.Abs(samples[index]) > 0.1)];
        int second = loud.Zip(loud.Skip(1)).First(pair => pair.Second - pair.First > rate / 2).Second;
        Assert.InRange((second - loud[0]) / rate, 1.4, 1.6);
        Assert.InRange((loud[^1] - second) / rate, 0.4, 0.6);
    }
}
