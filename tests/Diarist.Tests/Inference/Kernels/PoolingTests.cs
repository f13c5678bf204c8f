using Diarist.Inference.Kernels;
using Diarist.Networks.Pyannote;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference.Kernels;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class PoolingTests
{
    [Fact]
    public void Pooling_by_blocks_and_normalising_equals_the_definition()
    {
        const int channels = 32, used = 21;
        float[] weight = Guarded.Noise(used, 1), bias = Guarded.Noise(used, 2), shift = Guarded.Noise(channels, 3);
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            foreach (int frames in new[] { 1, 2, 7, 40 })
            {
                float[] values = Guarded.Noise(3 * frames * channels, 4);
                Guarded source = new(values), pooled = new(frames * channels), shifts = new(shift), result = new(frames * channels);
                using ChannelStatistics statistics = new(channels);
                for (int done = 0; done < frames; done += 16)
                {
                    MaxPoolThree<AffineMagnitude> pool = new(
                        source.Pointer + (3 * done * channels), 3 * channels, channels, 1.5f, shifts.Pointer, pooled.Pointer + (done * channels), Math.Min(16, frames - done), statistics);
                    width.Run(pool);
                }

                statistics.Finish(weight, bias);
                width.Run(new ScaleAndLeak(pooled.Pointer, result.Pointer, channels, frames, statistics, 0.01f));
                pooled.AssertGuardsIntact();
                result.AssertGuardsIntact();
                for (int channel = 0; channel < channels; channel++)
                {
                    double[] expected = [.. Enumerable.Range(0, frames).Select(frame => Enumerable.Range(0, 3).Max(i => Math.Abs((1.5 * values[(((3 * frame) + i) * channels) + channel]) + shift[channel])))];
                    double mean = expected.Average(), variance = expected.Average(x => (x - mean) * (x - mean));
                    for (int frame = 0; frame < frames; frame++)
                    {
                        double y = channel < used ? ((expected[frame] - mean) / Math.Sqrt(variance + 1e-5) * weight[channel]) + bias[channel] : 0;

                        // Scale and shift are rounded to float32, and with few frames the scale comes near 1/√ε = 316.
                        Assert.Equal(y > 0 ? y : 0.01 * y, result.Span[(frame * channels) + channel], 5e-5);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(80, 80)]
    [InlineData(60, 64)]
    public void A_convolution_that_is_pooled_equals_the_definition(int inputs, int paddedInputs)
    {
        const int outputs = 60, paddedOutputs = 64, frames = 37, taps = PooledConvolution.Taps;
        float[] weights = Guarded.Noise(outputs * inputs * taps, 1), bias = Guarded.Noise(outputs, 2), values = Guarded.Noise(((3 * frames) + taps - 1) * paddedInputs, 3);
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            var convolution = new PooledConvolution(weights, bias, paddedInputs, paddedOutputs, width);
            Guarded source = new(values), pooled = new(frames * paddedOutputs);
            using ChannelStatistics statistics = new(paddedOutputs);
            convolution.Run(source.Pointer, frames, pooled.Pointer, statistics);
            pooled.AssertGuardsIntact();
            for (int frame = 0; frame < frames; frame++)
            {
                for (int output = 0; output < paddedOutputs; output++)
                {
                    double expected = output < outputs ? Enumerable.Range(0, 3).Max(i => bias[output] + Sum((3 * frame) + i, output)) : 0;
                    Assert.Equal(expected, pooled.Span[(frame * paddedOutputs) + output], 1e-4);
                }
            }
        }

        double Sum(int frame, int output)
        {
            double sum = 0;
            for (int tap = 0; tap < taps; tap++)
            {
                for (int input = 0; input < inputs; input++)
                {
                    sum += (double)weights[(((output * inputs) + input) * taps) + tap] * values[((frame + tap) * paddedInputs) + input];
                }
            }

            return sum;
        }
    }

    [Fact]
    public void A_channel_that_never_changes_has_no_variance()
    {
        const int frames = 1000;
        using ChannelStatistics statistics = new(16);
        Guarded source = new(3 * frames * 16), pooled = new(frames * 16), shift = new(new float[16]);
        source.Span.Fill(0.1f);
        LaneWidths.Widest.Run(new MaxPoolThree<AffineMagnitude>(source.Pointer, 3 * 16, 16, 1, shift.Pointer, pooled.Pointer, frames, statistics));
        statistics.Finish([1], [0]);
        Assert.Equal(1 / Math.Sqrt(1e-5), statistics.Scale[0], 1e-3);
        Assert.Equal(0, (0.1f * statistics.Scale[0]) + statistics.Shift[0], 1e-5);
    }

    [Fact]
    public void The_front_end_makes_589_frames_of_10_seconds_and_293_of_5()
    {
        Assert.Equal(589, SincNet.Frames(160000));
        Assert.Equal(293, SincNet.Frames(80000));
    }
}
