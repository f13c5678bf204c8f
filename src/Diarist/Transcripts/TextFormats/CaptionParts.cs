using System.Globalization;
using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// WebVTT files that were joined to one, as the pieces of a stream are (RFC 8216, section 3.5): each has a header of its own, and its
/// <c>X-TIMESTAMP-MAP</c> says where in the stream its times count from.
/// </summary>
internal sealed class CaptionParts
{
    private const string Signature = "WEBVTT";
    private const string Map = "X-TIMESTAMP-MAP=";
    private const double TicksPerSecond = 90_000;
    private const double Wrap = (1L << 33) / TicksPerSecond;

    // The first line of each part and how far its times are moved.
    private readonly List<int> _firsts = [];
    private readonly List<double> _shifts = [];
    private double? _first;

    private CaptionParts(TextLine[] lines) => Lines = lines;

    /// <summary>The lines of the file; those of the headers are blank.</summary>
    public IReadOnlyList<TextLine> Lines { get; }

    public static CaptionParts Of(TextSource source)
    {
        TextLine[] lines = [.. source.Lines];
        var parts = new CaptionParts(lines);
        for (int i = 0; i < lines.Length; i++)
        {
            if (parts._firsts.Count == 0 ? lines[i].Text.TrimStart().StartsWith(Signature, StringComparison.Ordinal) : lines[i - 1].IsBlank && IsLaterHeader(lines, i))
            {
                i = parts.Header(source, lines, i);
            }
        }

        return parts;
    }

    /// <summary>The number of the part that a line is of, from 0 on, and by how many seconds its times are moved.</summary>
    public (int Part, double Shift) At(int line)
    {
        int part = _firsts.BinarySearch(line);
        part = part >= 0 ? part : Math.Max(0, ~part - 1);
        return (part, _shifts[part]);
    }

    /// <summary>A header behind the first must be nothing but one, as a caption may begin with the word.</summary>
    private static bool IsLaterHeader(TextLine[] lines, int line) =>
        lines[line].Text.StartsWith(Signature, StringComparison.Ordinal) && (lines[line].Text.Trim() == Signature || (line + 1 < lines.Length && IsMap(lines[line + 1].Text)));

    private static bool IsMap(string line) => line.TrimStart().StartsWith(Map, StringComparison.OrdinalIgnoreCase);

    /// <summary>Blanks a header: its line and the metadata up to a blank line or a cue. Returns its last line.</summary>
    private int Header(TextSource source, TextLine[] lines, int line)
    {
        int first = line;
        double shift = _shifts.Count > 0 ? _shifts[^1] : 0;
        for (; line < lines.Length && !lines[line].IsBlank && !CueTime.TryRead(lines[line].Text, out _); line++)
        {
            if (line > first && lines[line].Text.AsSpan().IndexOfAny(':', '=') <= 0)
            {
                break;
            }

            if (IsMap(lines[line].Text))
            {
                shift = ShiftOf(source, lines[line]) ?? shift;
            }

            lines[line] = lines[line] with { Text = "" };
        }

        _firsts.Add(first);
        _shifts.Add(shift);
        return Math.Max(first, line - 1);
    }

    private double? ShiftOf(TextSource source, TextLine line)
    {
        double? local = null;
        double? stream = null;
        foreach (string field in line.Text.Trim()[Map.Length..].Split(','))
        {
            (string name, string value) = field.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? (field[..colon].Trim().ToUpperInvariant(), field[(colon + 1)..].Trim()) : ("", "");
            local = name == "LOCAL" && ClockTime.TryParse(value, out double seconds) ? seconds : local;
            stream = name == "MPEGTS" && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long ticks) ? ticks / TicksPerSecond : stream;
        }

        if (local is null || stream is null)
        {
            source.Note(ReadingNote.NotANumber, line, "X-TIMESTAMP-MAP cannot be read; it looks like X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000");
            return null;
        }

        double offset = stream.Value - local.Value;
        _first ??= offset;
        if (offset != 0)
        {
            source.Note(ReadingNote.StreamClock, line, line.Text.Trim());
        }

        // The clock of a stream starts over after 26.5 hours.
        return offset - _first.Value is var moved && Math.Abs(moved) > Wrap / 2 ? moved - (Math.Sign(moved) * Wrap) : moved;
    }
}
