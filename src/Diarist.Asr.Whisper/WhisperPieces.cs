using Diarist.Audio;

namespace Diarist.Asr.Whisper;

/// <summary>A piece of a recording as Whisper gets it.</summary>
/// <param name="From">Its first sample in the recording.</param>
/// <param name="Samples">Mono samples at 16 kHz.</param>
internal readonly record struct WhisperPiece(long From, float[] Samples)
{
    /// <summary>Where it lies in the recording, in seconds.</summary>
    public TimeRange Range => new(From / (double)MonoStream.SampleRate, (From + Samples.Length) / (double)MonoStream.SampleRate);
}

/// <summary>Reads pieces of speech. One that is longer than the memory for it is cut at its quietest place near the bound.</summary>
internal static class WhisperPieces
{
    /// <summary>
    /// Pieces fill Whisper's window of 30 s as far as they can: every window costs the same, however much is said in it. Silences
    /// of up to 3 s stay inside; longer ones are left out, because Whisper tends to invent text for them.
    /// </summary>
    public static readonly SpeechSpanTranscriberOptions Joining = new() { MaximumGap = 3, MaximumLength = 28 };

    private const int LongestSeconds = 300;
    private const int SearchSeconds = 20;
    private const int QuietSamples = MonoStream.SampleRate / 10;

    /// <summary>Reads one piece of speech, in parts when it is long.</summary>
    public static IEnumerable<WhisperPiece> Read(PieceSamples recording, SpeechPiece piece, CancellationToken cancellationToken)
    {
        var samples = new List<float>();
        long from = piece.From;
        while (true)
        {
            long begin = from + samples.Count;
            long end = Math.Min(piece.To, from + (LongestSeconds * MonoStream.SampleRate));
            recording.Read(begin, end, block => samples.AddRange(block), cancellationToken);
            if (end == piece.To || from + samples.Count < end)
            {
                if (samples.Count > 0)
                {
                    yield return new WhisperPiece(from, [.. samples]);
                }

                yield break;
            }

            int cut = Quietest(samples, samples.Count - (SearchSeconds * MonoStream.SampleRate));
            yield return new WhisperPiece(from, [.. samples[..cut]]);
            samples.RemoveRange(0, cut);
            from += cut;
        }
    }

    // The middle of the tenth of a second with the least energy, from a sample on.
    private static int Quietest(List<float> samples, int first)
    {
        int best = first;
        double least = double.PositiveInfinity;
        for (int start = first; start + QuietSamples <= samples.Count; start += QuietSamples / 2)
        {
            double energy = 0;
            for (int i = start; i < start + QuietSamples; i++)
            {
                energy += (double)samples[i] * samples[i];
            }

            if (energy < least)
            {
                (best, least) = (start, energy);
            }
        }

        return best + (QuietSamples / 2);
    }
}
