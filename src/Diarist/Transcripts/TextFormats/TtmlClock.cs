using System.Globalization;
using System.Xml.Linq;
using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>The times of a TTML file: clock times, also with frames, and offsets in h, m, s, ms, f (frames) and t (ticks). A bare number is seconds, as in lyrics.</summary>
internal sealed class TtmlClock
{
    private const double UsualFrameRate = 30;

    private readonly double _frameRate;
    private readonly double _tickRate;

    /// <param name="root">The element <c>tt</c>, which may say how long frames and ticks are.</param>
    public TtmlClock(XElement root)
    {
        double? frames = Rate(root, "frameRate");
        double[] factor = [.. (root.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName == "frameRateMultiplier")?.Value ?? "1 1").Split(' ', ':').Select(part => double.TryParse(part, CultureInfo.InvariantCulture, out double number) && number > 0 ? number : 1)];
        _frameRate = (frames ?? UsualFrameRate) * factor[0] / (factor.Length > 1 ? factor[1] : 1);
        _tickRate = Rate(root, "tickRate") ?? (frames is null ? 1 : _frameRate);
    }

    /// <summary>A time in seconds; null when there is none or it cannot be read.</summary>
    public double? Parse(string? text)
    {
        text = text?.Trim() ?? "";
        if (text.Count(character => character == ':') == 3)
        {
            int last = text.LastIndexOf(':');
            return ClockTime.TryParse(text.AsSpan(0, last), out double whole) && Number(text[(last + 1)..]) is { } frames ? whole + (frames / _frameRate) : null;
        }

        if (ClockTime.TryParse(text, out double clock))
        {
            return clock;
        }

        (string unit, double seconds) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => ("ms", 1e-3),
            _ when text.EndsWith('h') => ("h", 3600),
            _ when text.EndsWith('m') => ("m", 60),
            _ when text.EndsWith('s') => ("s", 1),
            _ when text.EndsWith('f') => ("f", 1 / _frameRate),
            _ when text.EndsWith('t') => ("t", 1 / _tickRate),
            _ => ("", 1),
        };
        return Number(text[..^unit.Length]) * seconds;
    }

    private static double? Rate(XElement root, string name) =>
        Number(root.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName == name)?.Value ?? "") is > 0 and { } rate ? rate : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;
}
