using Diarist.Audio;
using Diarist.Formats;

namespace Diarist.Simulation;

/// <summary>Turns placed turns into sound: loudness per speaker, reverberation, noise, telephone channel, in this order.</summary>
internal static class ConversationMixer
{
    private const int TailSamples = MonoStream.SampleRate / 2;
    private const int FadeSamples = MonoStream.SampleRate / 100;
    private const float PeakLimit = 0.98f;

    /// <summary>Mixes a conversation. All randomness comes from <paramref name="random"/>, in a fixed order.</summary>
    public static SimulatedConversation Mix(string name, Timeline timeline, SimulationOptions options, SimulationRandom random)
    {
        var samples = new float[timeline.End + TailSamples];
        double? reverberation = options.ReverberationTime?.Draw(random);
        foreach (IGrouping<string, PlacedTurn> speaker in timeline.Turns.GroupBy(turn => turn.Audio.Speaker))
        {
            double level = options.LevelDb + (((2 * random.NextDouble()) - 1) * options.LevelSpreadDb);
            RoomReverb? room = reverberation is double seconds ? new RoomReverb(seconds, options.DirectToReverberantDb, random) : null;
            foreach (PlacedTurn turn in speaker)
            {
                Add(samples, turn, level, room);
            }
        }

        if (options.SignalToNoiseDb is { } ratio)
        {
            BackgroundNoise.Add(samples, SpeechPower(samples, timeline), ratio.Draw(random), random);
        }

        if (options.Telephone)
        {
            samples = TelephoneChannel.Apply(samples, options.TelephoneHalfTaps);
        }

        Finish(samples);
        string[] sources = [.. timeline.Turns.Select(turn => turn.Audio.Utterance.Source.Id).Distinct()];
        return new SimulatedConversation(name, samples, TurnsOf(timeline), UtterancesOf(timeline), sources, timeline.Overlapped / (double)Math.Max(1, timeline.Spoken));
    }

    private static void Add(float[] mix, PlacedTurn turn, double levelDb, RoomReverb? room)
    {
        TurnAudio audio = turn.Audio;
        float[] source = audio.Utterance.Samples;
        double power = audio.Utterance.Speech.Sum(range => Energy(source.AsSpan(range.Start, range.Length))) / audio.Utterance.Speech.Sum(range => range.Length);
        double gain = power > 0 ? Math.Pow(10, levelDb / 20) / Math.Sqrt(power) : 0;
        float[] dry = source[audio.Slice.Start..audio.Slice.End];
        for (int i = 0; i < dry.Length; i++)
        {
            double fade = Math.Min(1, Math.Min(i + 1, dry.Length - i) / (double)FadeSamples);
            dry[i] = (float)(dry[i] * gain * fade);
        }

        float[] wet = room?.Apply(dry) ?? dry;
        int start = turn.Start - audio.Speech[0].Start + audio.Slice.Start;
        for (int i = Math.Max(0, -start); i < Math.Min(wet.Length, mix.Length - start); i++)
        {
            mix[start + i] += wet[i];
        }
    }

    private static double SpeechPower(float[] samples, Timeline timeline)
    {
        SampleRange[] speech = [.. timeline.Turns.SelectMany(turn => turn.Speech)];
        return speech.Length == 0 ? 0 : speech.Sum(range => Energy(samples.AsSpan(range.Start, range.Length))) / speech.Sum(range => (long)range.Length);
    }

    private static double Energy(ReadOnlySpan<float> samples)
    {
        double sum = 0;
        foreach (float sample in samples)
        {
            sum += (double)sample * sample;
        }

        return sum;
    }

    // Made softer as a whole if it would clip, then rounded to 16 bits.
    private static void Finish(float[] samples)
    {
        float peak = samples.Max(MathF.Abs);
        float gain = peak > PeakLimit ? PeakLimit / peak : 1;
        foreach (ref float sample in samples.AsSpan())
        {
            sample = AudioWriter.Quantize(sample * gain) / 32768f;
        }
    }

    private static Turn[] TurnsOf(Timeline timeline) =>
        [.. timeline.Turns.SelectMany(turn => turn.Speech.Select(range => new Turn(range.ToTime(), turn.Audio.Speaker)))
            .OrderBy(turn => turn.Range).ThenBy(turn => turn.Speaker, StringComparer.Ordinal)];

    private static Utterance[] UtterancesOf(Timeline timeline) =>
        [.. timeline.Turns.Select(turn => new Utterance(new SampleRange(turn.Start, turn.End).ToTime(), turn.Audio.Speaker, turn.Audio.Text))
            .OrderBy(utterance => utterance.Range).ThenBy(utterance => utterance.Speaker, StringComparer.Ordinal)];
}
