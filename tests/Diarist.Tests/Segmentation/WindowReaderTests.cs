using Diarist.Segmentation;

namespace Diarist.Tests.Segmentation;

public class WindowReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(159_999)]
    [InlineData(160_000)]
    [InlineData(160_001)]
    [InlineData(176_000)]
    [InlineData(176_001)]
    [InlineData(208_000)]
    [InlineData(1_000_003)]
    public void Batches_hold_every_window_once_and_pad_the_last_with_zeros(int length)
    {
        foreach (int batchWindows in (int[])[1, 3, 4, 100])
        {
            var window = new SlidingWindow();
            int position = 0;
            var reader = new WindowReader(
                samples =>
                {
                    int count = Math.Min(Math.Min(samples.Length, 7_777), length - position);
                    for (int i = 0; i < count; i++)
                    {
                        samples[i] = ++position;
                    }

                    return count;
                },
                window,
                batchWindows);

            float[] buffer = new float[reader.BatchSamples];
            int seen = 0;
            while (reader.TryNext(buffer, out WindowBatch batch))
            {
                Assert.Equal(seen, batch.FirstWindow);
                for (int w = 0; w < batch.Audio.Windows; w++, seen++)
                {
                    ReadOnlySpan<float> samples = batch.Audio.Window(w);
                    for (int i = 0; i < samples.Length; i += 997)
                    {
                        int at = (seen * window.StepSamples) + i;
                        Assert.Equal(at < length ? at + 1 : 0, samples[i]);
                    }
                }
            }

            Assert.Equal(window.WindowCount(length), seen);
            Assert.Equal(length, reader.SamplesRead);
            Assert.False(reader.TryNext(buffer, out _));
        }
    }

    [Fact]
    public void The_output_grid_is_that_of_the_reference()
    {
        var window = new SlidingWindow();
        Assert.Equal(594, window.OutputFrames(1));
        Assert.Equal(59, window.FirstFrame(1));
        Assert.Equal(119, window.FirstFrame(2));
        Assert.Equal(21, window.WindowCount(30 * 16_000));
    }
}
