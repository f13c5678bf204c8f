using System.Collections.Concurrent;
using System.Security.Cryptography;
using Diarist.Audio;
using Diarist.Identity;
using Diarist.Server.Http;

namespace Diarist.Server.Work;

/// <summary>Voices that one request knows.</summary>
/// <param name="Voices">Names, and recordings of a few seconds as they came.</param>
/// <param name="FalseNames">The share of strangers that may get a name.</param>
internal sealed record KnownReferences(IReadOnlyList<(string Name, byte[] Audio)> Voices, double FalseNames)
{
    private const double Shortest = 2;
    private const double Longest = 10;
    private const double LeastSpeech = 1;

    // The length of what a container holds is seldom a whole number of its frames.
    private const double Tolerance = 0.1;

    /// <summary>Enrols them.</summary>
    /// <exception cref="ReferenceException">A recording cannot be decoded, has a wrong length, or holds too little speech or a second person.</exception>
    public KnownVoices Enroll(Diarizer diarizer, CancellationToken cancellationToken) => new([.. Voices.Select(voice => Enroll(diarizer, voice.Name, voice.Audio, cancellationToken))], FalseNames);

    private static VoiceProfile Enroll(Diarizer diarizer, string name, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            using (LimitedAudio measured = Open(name, bytes))
            {
                double seconds = Seconds(measured);
                if (seconds is < Shortest - Tolerance or > Longest + Tolerance)
                {
                    throw new ReferenceException(name, FormattableString.Invariant($"has {seconds:0.0} s; a reference has {Shortest} to {Longest}"));
                }
            }

            using LimitedAudio audio = Open(name, bytes);
            return diarizer.Enroll(name, audio, LeastSpeech, progress: null, cancellationToken);
        }
        catch (InputException error) when (error is not ReferenceException)
        {
            string prefix = $"{error.InputName}: ";
            throw new ReferenceException(name, error.Message.StartsWith(prefix, StringComparison.Ordinal) ? error.Message[prefix.Length..] : error.Message, error);
        }
    }

    private static LimitedAudio Open(string name, byte[] bytes) => new LimitedAudio(AudioReader.Open(new MemoryStream(bytes, writable: false), $"the reference of {name}"), (Longest + 1) / 3600);

    private static double Seconds(AudioStream audio)
    {
        float[] block = GC.AllocateArray<float>(4096 * Math.Max(1, audio.Info.Channels), pinned: true);
        long frames = 0;
        for (int read; (read = audio.Read(block)) > 0;)
        {
            frames += read;
        }

        Array.Clear(block);
        return frames / (double)audio.Info.SampleRate;
    }
}

/// <summary>A reference that does not tell a voice.</summary>
internal sealed class ReferenceException(string name, string problem, Exception? innerException = null) : InputException($"the reference of {name}", problem, innerException);

/// <summary>The voices of requests that are being worked on: in memory only, and gone with the job.</summary>
internal sealed class RequestVoices
{
    private readonly ConcurrentDictionary<string, KnownReferences> _voices = new();

    /// <summary>The voices that a job knows; <see langword="null"/> when it knows none.</summary>
    public KnownReferences? Of(string job) => _voices.GetValueOrDefault(job);

    /// <summary>Keeps voices for a job.</summary>
    public void Keep(string job, KnownReferences voices) => _voices[job] = voices;

    /// <summary>Forgets the voices of a job: their recordings are overwritten, and the memory in which they were decoded and compared goes back to the system.</summary>
    public void Forget(string job)
    {
        if (_voices.TryRemove(job, out KnownReferences? known))
        {
            foreach ((string _, byte[] audio) in known.Voices)
            {
                CryptographicOperations.ZeroMemory(audio);
            }

            UnusedMemory.GiveBack();
        }
    }
}
