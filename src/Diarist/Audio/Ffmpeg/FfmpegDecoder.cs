using System.Globalization;

namespace Diarist.Audio.Ffmpeg;

/// <summary>
/// Decodes whatever an installed ffmpeg can, through a pipe, as 32-bit float WAV. Times follow the container's clock:
/// what it leaves out, at the start or between, becomes silence.
/// </summary>
internal sealed class FfmpegDecoder : AudioStream
{
    // Fills gaps and cuts overlaps of the time stamps from 0.1 s on, and starts at the container's time 0.
    private const string FollowClock = "aresample=async=1:first_pts=0";

    private const string NoReason = "it does not say why";

    // A clock that starts later than this is worth telling.
    private const double LateStart = 0.1;

    // Lengths in the index are of whole packets, and of the end of the last one.
    private const double MissingSeconds = 1;

    // The lowest rate that speech is coded at is about 600 bits a second; no file holds more sound than that.
    private const double FewestBytesPerSecond = 25;
    private const double LongestSeconds = 7 * 24 * 3600;

    private readonly FfmpegInput _input;
    private readonly FfmpegProbe? _probe;
    private readonly ChildProcess _process;
    private readonly WavDecoder _wav;
    private readonly long _mostFrames;
    private long _frames;
    private bool _ended;
    private bool _disposed;

    private FfmpegDecoder(FfmpegInput input, FfmpegProbe? probe, int track, ChildProcess process, WavDecoder wav)
    {
        (_input, _probe, _process, _wav) = (input, probe, process, wav);
        Info = wav.Info with { Format = "through ffmpeg", Frames = null, Tracks = probe?.Tracks ?? [], Track = track };
        double most = Math.Max(1.1 * (probe?.Duration ?? 0), new FileInfo(input.Path).Length / FewestBytesPerSecond) + 120;
        _mostFrames = (long)(Math.Min(most, LongestSeconds) * Info.SampleRate);
        WarnOfProbe();
    }

    /// <inheritdoc/>
    public override AudioInfo Info { get; }

    /// <summary>Starts to decode a file.</summary>
    /// <param name="input">The file; its copy, if it is one, is removed with the decoder, also when opening fails.</param>
    /// <exception cref="AudioFormatException">ffmpeg is not installed or refuses, or there is no such track.</exception>
    public static FfmpegDecoder Open(FfmpegInput input)
    {
        try
        {
            FfmpegProbe? probe = FfmpegProbe.Run(input);
            if (probe is { IsHeaderless: true })
            {
                throw new AudioFormatException(input.Name, $"has no header ({input.WhatItIs}); state its coding, sample rate and channels") { IsHeaderless = true };
            }

            int track = ChooseTrack(input, probe);
            return Start(input, probe, track);
        }
        catch (TimeoutException error)
        {
            input.Copy?.Dispose();
            throw input.Error(error.Message, error);
        }
        catch
        {
            input.Copy?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<float> interleaved)
    {
        try
        {
            int frames = _wav.Read(interleaved);
            _frames += frames;
            if (_frames > _mostFrames)
            {
                throw _input.Error(string.Create(CultureInfo.InvariantCulture, $"its time stamps span more than {_mostFrames / Info.SampleRate} s, which its size rules out; convert it"));
            }

            if (frames == 0 && !_ended)
            {
                _ended = true;
                Finish();
            }

            return frames;
        }
        catch (TimeoutException error)
        {
            throw _input.Error(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _process.Dispose();
        _wav.Dispose();
        _input.Copy?.Dispose();
    }

    private static int ChooseTrack(FfmpegInput input, FfmpegProbe? probe)
    {
        if (probe is null)
        {
            return input.Track ?? 1;
        }

        if (probe.Tracks.Count == 0)
        {
            throw input.Error($"holds no audio ({probe.Format})");
        }

        return TrackChoice.Choose(input.Name, probe.Tracks, input.Track);
    }

    private static FfmpegDecoder Start(FfmpegInput input, FfmpegProbe? probe, int track)
    {
        string map = probe is null ? $"0:a:{track - 1}" : $"0:{probe.Streams[track - 1].Index}";
        AviClock? avi = probe is { IsAvi: true } ? AviClock.Read(input, probe.Streams[track - 1].Index, probe.Video) : null;
        ChildProcess process = ChildProcess.Start(
            input.Decoder,
            ["-hide_banner", "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-i", input.Url, "-map", map, "-af", Filter(probe, track, avi), "-f", "wav", "-c:a", "pcm_f32le", "pipe:1"],
            input.Patience) ?? throw NotInstalled(input);
        try
        {
            var output = new ByteSource(process.Output, input.Name);

            // A header alone is what is left of a file in which nothing could be decoded.
            if (output.Peek(1).IsEmpty || WavDecoder.TryOpen(output) is not WavDecoder wav)
            {
                process.WaitForExit();
                throw input.Unknown($", and ffmpeg cannot decode it: {process.Message(input) ?? NoReason}");
            }

            var decoder = new FfmpegDecoder(input, probe, track, process, wav);
            decoder.WarnOf(avi);

            // Output has come, so the file is open.
            input.Copy?.RemoveName();
            return decoder;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private static string Filter(FfmpegProbe? probe, int track, AviClock? avi)
    {
        // Times that a format does not have are made up; where the packets' lengths are unknown they pass too slowly, and most would be cut.
        if (avi is null && probe is { HasClock: false })
        {
            return $"asetpts=N/SR/TB,{FollowClock}";
        }

        double delay = probe?.ForgottenDelay(track) ?? 0;
        return string.Create(CultureInfo.InvariantCulture, $"{(avi is AviClock clock ? $"asetpts=N/SR/TB+{clock.Start:0.000000}/TB," : delay > 0 ? $"asetpts=PTS+{delay:0.000000}/TB," : "")}{FollowClock}");
    }

    private static AudioFormatException NotInstalled(FfmpegInput input) =>
        input.Unknown("; install ffmpeg, which decodes other formats, or convert it");

    private void WarnOfProbe()
    {
        if (_probe is null)
        {
            Warn("ffprobe, which comes with ffmpeg, is not there; whether the file holds other audio tracks is unknown");
            return;
        }

        if (TrackChoice.Warning(_probe.Tracks, Info.Track, _input.Track) is { } warning)
        {
            Warn(warning);
        }

        // A transport stream's clock starts anywhere.
        if (_probe.Start > LateStart && _probe.HasClock && !_probe.Format.StartsWith("mpeg", StringComparison.Ordinal))
        {
            Warn(string.Create(CultureInfo.InvariantCulture, $"its clock starts at {_probe.Start:0.000} s; times are counted from there"));
        }
    }

    private void WarnOf(AviClock? avi)
    {
        if (avi is { Behind: > 0 } clock)
        {
            Warn(string.Create(CultureInfo.InvariantCulture, $"its header does not say when its sound starts; by its place among the pictures it starts at about {clock.Start:0.0} s, and times are counted so"));
        }
    }

    private void Finish()
    {
        if (_process.WaitForExit() != 0)
        {
            throw _input.Error($"ffmpeg gave up: {_process.Message(_input) ?? NoReason}");
        }

        double seconds = (double)_frames / Info.SampleRate;
        if (_probe?.Promised(Info.Track) is double promised && promised - seconds > MissingSeconds)
        {
            Warn(string.Create(CultureInfo.InvariantCulture, $"the file is cut or damaged: its index promises {promised:0.000} s, {seconds:0.000} s are there and were used"));
        }

        if (_process.ReceivedAtFirstMessage is not long bytes)
        {
            return;
        }

        double from = bytes / (4.0 * Info.Channels * Info.SampleRate);
        string shift = _probe?.HasClock == true ? "" : string.Create(CultureInfo.InvariantCulture, $"; its format has no clock, so from about {Math.Floor(from):0} s on times may be shifted");
        Warn($"ffmpeg reports: {_process.Message(_input)}{shift}");
    }
}
