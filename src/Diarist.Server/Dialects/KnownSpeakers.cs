using Diarist.Server.Http;

namespace Diarist.Server.Dialects;

/// <summary>Speakers whom the client knows: names with a few seconds of their voices, for one request.</summary>
internal static class KnownSpeakers
{
    /// <summary>Refuses requests that name known speakers: voices cannot be recognised here yet, and to leave the names out would be a wrong answer without a word.</summary>
    /// <exception cref="ApiException">The form names some.</exception>
    public static void Refuse(MultipartForm form)
    {
        if (form.Values("known_speaker_names").Count > 0 || form.Values("known_speaker_references").Count > 0)
        {
            throw new ApiException(400, "known_speakers", "This server cannot recognise known speakers yet; leave known_speaker_names and known_speaker_references out, and speakers are named A, B, C.") { Parameter = "known_speaker_names" };
        }
    }
}
