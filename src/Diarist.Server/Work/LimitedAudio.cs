using System.Globalization;
using Diarist.Audio;

namespace Diarist.Server.Work;

/// <summary>A recording that ends in an error when it unfolds to more hours of sound than are taken; a few kilobytes of silence can hold days.</summary>
internal sealed class LimitedAudio(AudioStream source, double maximumHours) : AudioStream
{
    private readonly double _framesLeft = maximumHours * 3600 * source.Info.SampleRate;
    private long _frames;
    private int _warned;

    public override AudioInfo Info => source.Info;

    public override int Read(Span<float> interleaved)
    {
        int read = source.Read(interleaved);
        _frames += read;
        string prefix = $"{Info.Name}: ";
        for (; _warned < source.Warnings.Count; _warned++)
        {
            string warning = source.Warnings[_warned];
            Warn(warning.StartsWith(prefix, StringComparison.Ordinal) ? warning[prefix.Length..] : warning);
        }

        return _frames <= _framesLeft
            ? read
            : throw new AudioFormatException(Info.Name, string.Create(CultureInfo.InvariantCulture, $"holds more than {maximumHours} hours of sound; this server takes no more"));
    }

    public override void Dispose() => source.Dispose();
}
