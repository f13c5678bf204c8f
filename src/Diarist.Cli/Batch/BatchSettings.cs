using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Diarist.Audio;
using Diarist.Formats;
using Diarist.Packs;

namespace Diarist.Cli.Batch;

/// <summary>All that decides the bytes of a batch's results, besides the recordings themselves.</summary>
/// <param name="Options">How to diarize.</param>
/// <param name="Recordings">What of a recording is listened to.</param>
/// <param name="Formats">The formats of each result.</param>
/// <param name="Exclusive">Whether one speaker at a time is written.</param>
/// <param name="Shorten">Leaves out what is not worth reading.</param>
/// <param name="MinimumTurns">What that is, for keys.</param>
internal sealed record BatchSettings(DiarizerOptions Options, RecordingOptions Recordings, IReadOnlyList<OutputFormat> Formats, bool Exclusive, Func<Diarization, Diarization> Shorten, string MinimumTurns)
{
    /// <summary>The settings of a command line.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="format">The option of formats; JSON without it.</param>
    /// <param name="exclusive">The option of one speaker at a time.</param>
    public static BatchSettings Read(ParseResult parsed, Option<string?> format, Option<bool> exclusive)
    {
        IReadOnlyList<OutputFormat> chosen = OutputFormats.Choose(parsed.GetValue(format), null, OutputFormats.Timeline);
        return new BatchSettings(
            DiarizerArguments.Read(parsed),
            AudioArguments.Read(parsed),
            chosen.Count > 0 ? chosen : [OutputFormats.Json],
            parsed.GetValue(exclusive),
            diarization => TurnArguments.Apply(parsed, diarization),
            TurnArguments.Describe(parsed));
    }

    /// <summary>The options with which a recording is diarized.</summary>
    public DiarizerOptions OptionsOf(BatchRecording recording) => Recordings.ForEach(recording.OptionsOf(Options));

    /// <summary>What decides the result of a recording besides its content, as text: two texts that differ may give different bytes.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="packs">The networks.</param>
    public string Describe(BatchRecording recording, IReadOnlyList<LocatedPack> packs)
    {
        DiarizerOptions options = OptionsOf(recording);
        AudioReadOptions reading = Recordings.Reading;
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"diarist {typeof(Diarizer).Assembly.GetName().Version?.ToString(3)}");
        Line($"recipe {options.Recipe} {Diarizer.PrecisionFor(options)} threshold {options.Threshold:R} step {options.Step:R} {options.Speed} turns {options.TurnSettings}");
        Line($"speakers {options.Speakers} {options.MinimumSpeakers} {options.MaximumSpeakers} each {Recordings.SpeakersPerChannel}");
        Line($"audio channel {reading.Channel} track {reading.Track} raw {reading.Raw} separate {Recordings.SeparatesChannels} {Recordings.SeparatesTracks}");
        Line($"shown {MinimumTurns} exclusive {Exclusive} as {OutputFormats.List(Formats)}");
        Line($"name {Path.GetFileName(recording.Path)} {recording.RttmName}");
        foreach (LocatedPack pack in packs)
        {
            Line($"network {pack.Pack.Id} {string.Join(' ', pack.Pack.Files.Where(file => !file.Optional).Select(file => pack.Variant(file.Name).Sha256))}");
        }

        return text.ToString();
    }

    /// <summary>The key of a result: SHA-256 of the recording's content and of what else decides the result, in lower-case hexadecimal digits.</summary>
    public static string Key(string contentHash, string description) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{contentHash}\n{description}")));

    /// <summary>The result in every format.</summary>
    public IReadOnlyList<(OutputFormat Format, byte[] Bytes)> Render(BatchRecording recording, Diarization diarization, AudioInfo source)
    {
        Diarization shown = Shorten(diarization);
        var rendered = new List<(OutputFormat, byte[])>();
        foreach (OutputFormat format in OutputFormats.Distinct(Formats))
        {
            using var memory = new MemoryStream();
            Commands.DiarizeCommand.Write(memory, format, shown, source, recording.RttmName, Exclusive);
            rendered.Add((format, memory.ToArray()));
        }

        return rendered;
    }
}
