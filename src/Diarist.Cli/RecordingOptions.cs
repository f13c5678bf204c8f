using Diarist.Audio;
using Diarist.Channels;
using Diarist.Identity;

namespace Diarist.Cli;

/// <summary>What of recordings is listened to, and how they are opened.</summary>
internal sealed record RecordingOptions
{
    /// <summary>Whether the channels of a recording are diarized on their own.</summary>
    public bool SeparatesChannels { get; init; }

    /// <summary>Whether all audio tracks of a file are, each on its own.</summary>
    public bool SeparatesTracks { get; init; }

    /// <summary>Whether several files are one conversation.</summary>
    public bool JoinsFiles { get; init; }

    /// <summary>People on each channel, track or file, when that is known.</summary>
    public int? SpeakersPerChannel { get; init; }

    /// <summary>The file that keeps what is heard; nothing is kept without one.</summary>
    public string? Session { get; init; }

    /// <summary>The voices to look for; none unless asked for.</summary>
    public KnownVoices? Known { get; init; }

    /// <summary>What is taken of a file.</summary>
    public AudioReadOptions Reading { get; init; } = new();

    /// <summary>Whether there is more than one signal to diarize.</summary>
    public bool Separates => SeparatesChannels || SeparatesTracks || JoinsFiles;

    /// <summary>Whether a file is taken otherwise than it would be by default, but as one signal.</summary>
    public bool Selects => Reading != new AudioReadOptions();

    /// <summary>The options with which each signal is diarized.</summary>
    public DiarizerOptions ForEach(DiarizerOptions options) => Separates ? ChannelDiarizer.OptionsFor(options, SpeakersPerChannel) : options;

    /// <summary>Opens a recording, or standard input.</summary>
    public AudioStream Open(string input) => Open(input, input, Reading);

    /// <summary>
    /// Requires, before any network is loaded or asked for, that recordings can be read: one of several alone, and all of
    /// one conversation. What cannot be read twice is left alone.
    /// </summary>
    /// <exception cref="InputException">None can.</exception>
    public void Check(IReadOnlyList<string> inputs)
    {
        InputException? first = null;
        foreach (string input in inputs)
        {
            try
            {
                if (!RereadableFile.IsReadOnce(input))
                {
                    Open(input).Dispose();
                }

                if (!JoinsFiles)
                {
                    return;
                }
            }
            catch (InputException error) when (!JoinsFiles)
            {
                first ??= error;
            }
        }

        if (first is not null)
        {
            throw first;
        }
    }

    /// <summary>Diarizes a recording, or several that are one conversation.</summary>
    /// <returns>The turns, and what the first recording says about itself.</returns>
    public (Diarization Diarization, AudioInfo Source) Diarize(Diarizer diarizer, IReadOnlyList<string> inputs, IProgress<DiarizationProgress>? progress, CancellationToken cancellationToken)
    {
        if (!Separates)
        {
            using AudioStream audio = Open(inputs[0]);
            return (Known is null ? diarizer.Diarize(audio, progress, cancellationToken) : diarizer.Diarize(audio, Known, progress, cancellationToken), audio.Info);
        }

        var files = new List<RereadableFile>();
        try
        {
            IReadOnlyList<string> ids = RecordingIds.For(inputs);
            var sources = new List<ChannelSource>();
            AudioInfo? first = null;
            for (int i = 0; i < inputs.Count; i++)
            {
                files.Add(RereadableFile.Create(inputs[i], cancellationToken));
                using AudioStream audio = Open(files[i].Path, inputs[i], Reading);
                first ??= audio.Info;
                sources.AddRange(Sources(files[i].Path, inputs[i], inputs.Count > 1 ? ids[i] : null, audio.Info));
            }

            return (new ChannelDiarizer(diarizer).Diarize(sources, progress, cancellationToken), first!);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    /// <summary>What is taken of a file, as one signal in a temporary WAV file, for programs that know nothing of these options.</summary>
    public RereadableFile WriteSignal(string path, CancellationToken cancellationToken) => RereadableFile.Write("audio.wav", target =>
    {
        using var mono = new MonoStream(Open(path));
        using AudioWriter wav = AudioWriter.Create(target, MonoStream.SampleRate);
        float[] block = new float[MonoStream.SampleRate];
        for (int read; (read = mono.Read(block)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            wav.Write(block.AsSpan(0, read));
        }

        wav.Complete();
    });

    /// <summary>The channels of one recording that are diarized each by itself.</summary>
    public IReadOnlyList<ChannelSource> ChannelsOf(string path, string name)
    {
        using AudioStream audio = Open(path, name, Reading);
        return [.. Sources(path, name, id: null, audio.Info)];
    }

    private IEnumerable<ChannelSource> Sources(string path, string name, string? id, AudioInfo info)
    {
        int tracks = SeparatesTracks ? Math.Max(1, info.Tracks.Count) : 1;
        for (int track = 1; track <= tracks; track++)
        {
            AudioReadOptions reading = SeparatesTracks ? Reading with { Track = track } : Reading;
            int channels = SeparatesChannels ? ChannelsOf(path, name, reading, info) : 1;
            for (int channel = 1; channel <= channels; channel++)
            {
                AudioReadOptions one = SeparatesChannels ? reading with { Channel = channel } : reading;
                string[] parts = [.. new[] { id, SeparatesTracks ? $"TRACK{track}" : null, SeparatesChannels ? $"CH{channel}" : null }.OfType<string>()];
                yield return new ChannelSource(parts.Length == 0 ? "CH1" : string.Join('_', parts), () => Open(path, name, one));
            }
        }
    }

    private static int ChannelsOf(string path, string name, AudioReadOptions reading, AudioInfo opened)
    {
        if (reading.Track is null || reading.Track == opened.Track)
        {
            return opened.Channels;
        }

        using AudioStream audio = Open(path, name, reading);
        return audio.Info.Channels;
    }

    // Standard input, and names that are usual for samples without a header.
    private static bool MayBeHeaderless(string path) => path == StandardInput.Argument
        || Path.GetExtension(path).ToUpperInvariant() is ".PCM" or ".RAW" or ".SLN" or ".SLN16" or ".UL" or ".ULAW" or ".AL" or ".ALAW" or ".G711" or ".VOX" or ".S16" or ".S16LE" or ".F32";

    private static AudioStream Open(string path, string name, AudioReadOptions reading)
    {
        try
        {
            return path == StandardInput.Argument ? AudioReader.Open(StandardInput.Open(), StandardInput.Name, options: reading)
                : UndecodedPath.TryOpen(path) is { } stream ? AudioReader.Open(stream, name, options: reading)
                : AudioReader.Open(path, reading);
        }
        catch (AudioFormatException error) when (error.IsHeaderless)
        {
            throw new InputException(error.InputName, $"{error.Message[(error.InputName.Length + 2)..]} with --raw, such as --raw ul:8000:1", error);
        }
        catch (AudioFormatException error) when (reading.Raw is null && error.IsUnknownFormat && MayBeHeaderless(path))
        {
            throw new InputException(error.InputName, $"{error.Message[(error.InputName.Length + 2)..]}; where it has no header, say what its samples are with --raw, such as --raw s16:16000:1", error);
        }
    }
}
