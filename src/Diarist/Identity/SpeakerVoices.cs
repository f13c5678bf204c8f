using Diarist.Segments;

namespace Diarist.Identity;

/// <summary>The voices of a recording's speakers, for comparing them with known ones. Biometric data: let it go when that is done.</summary>
public sealed class SpeakerVoices
{
    internal SpeakerVoices(IReadOnlyList<SpeakerVoice> speakers, string embedder) => (Speakers, Embedder) = (speakers, embedder);

    /// <summary>The anonymous labels, in order.</summary>
    public IReadOnlyList<string> Labels => [.. Speakers.Select(speaker => speaker.Label)];

    /// <summary>The fingerprint of the network that heard them.</summary>
    public string Embedder { get; }

    internal IReadOnlyList<SpeakerVoice> Speakers { get; }
}

/// <summary>The voice of one speaker of a recording.</summary>
/// <param name="Label">The anonymous label.</param>
/// <param name="Group">The sums of the pieces, by the model that all recordings share; <see langword="null"/> when no voice is behind the label.</param>
/// <param name="Channel">What the voice came over.</param>
internal sealed record SpeakerVoice(string Label, SpeakerGroup? Group, VoiceChannel Channel)
{
    /// <summary>The voice in some pieces of a recording.</summary>
    public static SpeakerVoice Of(string label, HeardSpeech heard, IReadOnlyList<int> pieces)
    {
        SpeakerGroup? sum = null;
        foreach (int piece in pieces)
        {
            var one = SpeakerGroup.Of(heard.Pieces.Vector(piece), heard.Pieces.Seconds[piece], LikenessModel.Default);
            if (sum is null)
            {
                // A voice does not keep the vectors of the whole recording.
                sum = one.Copy();
            }
            else
            {
                sum.Add(one);
            }
        }

        return new SpeakerVoice(label, sum, VoiceChannels.Of(heard.Bands?.LevelAbove(pieces.Select(piece => heard.Pieces.Pieces[piece]))));
    }
}
