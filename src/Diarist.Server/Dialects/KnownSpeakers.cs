using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Diarist.Identity;
using Diarist.Server.Http;
using Diarist.Server.Work;

namespace Diarist.Server.Dialects;

/// <summary>Speakers whom the client knows: names with a few seconds of their voices as data URLs (RFC 2397), for one request.</summary>
internal static class KnownSpeakers
{
    private const int Most = 4;

    /// <summary>Reads them from a form; <see langword="null"/> when it names none.</summary>
    /// <exception cref="ApiException">Names and voices do not belong together, or are too many, or no data URLs.</exception>
    public static KnownReferences? Read(MultipartForm form)
    {
        IReadOnlyList<string> names = form.Values("known_speaker_names");
        IReadOnlyList<byte[]> references = form.Secrets;
        if (names.Count == 0 && references.Count == 0)
        {
            return null;
        }

        if (names.Count != references.Count || names.Count > Most)
        {
            throw ApiException.Invalid("known_speaker_names", $"Each of up to {Most} names has one reference; there are {names.Count} names and {references.Count} references.");
        }

        if (names.FirstOrDefault(name => !VoiceProfile.IsName(name)) is { } wrong)
        {
            throw ApiException.Invalid("known_speaker_names", $"'{ClientNames.Clean(wrong)}' is not a name of a speaker: a name is one line, and not a label such as SPEAKER_00.");
        }

        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count)
        {
            throw ApiException.Invalid("known_speaker_names", "Two speakers have one name.");
        }

        return new KnownReferences([.. names.Zip(references)], FalseNames(form));
    }

    // A plain hash of a name could be guessed from the database; this key is the process's own and is not written.
    private static readonly byte[] ProcessKey = RandomNumberGenerator.GetBytes(32);

    /// <summary>What requests with equal references share while this process runs, as a part of the job's key.</summary>
    public static string KeyOf(KnownReferences? known) => known is null ? ""
        : string.Create(CultureInfo.InvariantCulture, $" {known.FalseNames} {string.Join(' ', known.Voices.Select(voice => $"{Keyed(Encoding.UTF8.GetBytes(voice.Name))}:{Keyed(voice.Audio)}"))}");

    private static string Keyed(byte[] bytes) => Convert.ToHexStringLower(HMACSHA256.HashData(ProcessKey, bytes));

    private static double FalseNames(MultipartForm form)
    {
        const string Field = "known_speaker_threshold";
        return form.Value(Field) is not { } text ? KnownVoices.DefaultFalseNameRate
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 1e-6 and <= 0.1 ? value
            : throw ApiException.Invalid(Field, $"{Field} is the share of strangers that may get a name, from 0.000001 to 0.1; likenesses of other systems mean nothing here.");
    }
}
