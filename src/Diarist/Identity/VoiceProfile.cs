using Diarist.Segments;

namespace Diarist.Identity;

/// <summary>
/// A voice with a name. It is biometric data: make one only with the consent of the person, and keep it only as long as it is needed (docs/privacy.md).
/// </summary>
public sealed record VoiceProfile
{
    /// <summary>The most exemplars of one voice.</summary>
    public const int MostExemplars = 20;

    /// <summary>The longest name, in characters.</summary>
    public const int LongestName = 200;

    /// <summary>Exemplars less alike than this are pointed out.</summary>
    private const double UnusualBelow = 0.45;

    internal VoiceProfile(Guid id, string name, string embedder, IReadOnlyList<VoiceExemplar> exemplars)
    {
        ArgumentException.ThrowIfNullOrEmpty(embedder);
        if (exemplars.Count is 0 or > MostExemplars)
        {
            throw new ArgumentException($"A voice has 1 to {MostExemplars} exemplars.", nameof(exemplars));
        }

        (Id, Name, Embedder, Exemplars) = (id, Checked(name), embedder, exemplars);
    }

    /// <summary>A random identifier, which says nothing of the person.</summary>
    public Guid Id { get; }

    /// <summary>The person's name: one line, and no anonymous label.</summary>
    /// <exception cref="ArgumentException">On setting: it is empty, too long, of several lines, or looks like an anonymous label.</exception>
    public string Name { get; init => field = Checked(value); }

    /// <summary>Whether this is the person who uses this installation.</summary>
    public bool IsPrimaryUser { get; init; }

    /// <summary>When the voice was enrolled, in universal time; <see langword="null"/> when nobody said.</summary>
    public DateTimeOffset? Enrolled { get; init; }

    /// <summary>The fingerprint of the network that made the exemplars. Others cannot compare with them.</summary>
    public string Embedder { get; }

    /// <summary>One for each recording that the voice was enrolled from.</summary>
    public IReadOnlyList<VoiceExemplar> Exemplars { get; }

    /// <summary>Seconds of speech in all exemplars.</summary>
    public double SpeechDuration => Exemplars.Sum(exemplar => exemplar.SpeechDuration);

    /// <summary>
    /// The same voice with the exemplars of another profile added, the newest <see cref="MostExemplars"/> kept. One that is here already, as that of a
    /// recording enrolled again, is not added: it would count twice.
    /// </summary>
    /// <exception cref="ArgumentException">Another network made them.</exception>
    public VoiceProfile With(VoiceProfile other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Embedder == Embedder
            ? new VoiceProfile(Id, Name, Embedder, [.. Exemplars.Concat(other.Exemplars.Where(added => !Exemplars.Any(added.Repeats))).TakeLast(MostExemplars)]) { IsPrimaryUser = IsPrimaryUser, Enrolled = Enrolled }
            : throw new ArgumentException("Another network made these exemplars.", nameof(other));
    }

    /// <summary>The places of exemplars that are unlike half of the others or more: perhaps of another person. Empty with fewer than two.</summary>
    public IReadOnlyList<int> UnusualExemplars()
    {
        var unusual = new List<int>();
        for (int place = 0; place < Exemplars.Count && Exemplars.Count > 1; place++)
        {
            VoiceExemplar own = Exemplars[place];
            double[] likenesses = [.. Exemplars.Where(other => other != own).Select(other => own.Group.Likeness(other.Group, LikenessModel.Default)).Order()];
            if (likenesses.Length > 0 && likenesses[likenesses.Length / 2] < UnusualBelow)
            {
                unusual.Add(place);
            }
        }

        return unusual;
    }

    /// <summary>Whether another profile seems to be of the same person: with one of its exemplars this voice would get its name, and at most one stranger in a thousand would get it so.</summary>
    /// <exception cref="ArgumentException">Another network made the exemplars.</exception>
    public bool IsLike(VoiceProfile other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Embedder == Embedder
            ? other.Exemplars.Any(exemplar => VoiceIdentifier.Compare(new SpeakerVoice(other.Name, exemplar.Group, exemplar.Channel), this).FalseNames <= KnownVoices.DefaultFalseNameRate)
            : throw new ArgumentException("Another network made these exemplars.", nameof(other));
    }

    /// <summary>Overwrites the sums of the exemplars in memory. Nothing can be compared with the profile afterwards.</summary>
    public void Erase()
    {
        foreach (VoiceExemplar exemplar in Exemplars)
        {
            exemplar.Group.Erase();
        }
    }

    /// <summary>Whether a text can be the name of a voice.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= LongestName } && name.Trim() == name && !name.Any(char.IsControl)
        && !(name.StartsWith("SPEAKER_", StringComparison.OrdinalIgnoreCase) && name["SPEAKER_".Length..].All(char.IsAsciiDigit));

    private static string Checked(string name) =>
        IsName(name) ? name : throw new ArgumentException($"A name is one line of 1 to {LongestName} characters, and not a label such as SPEAKER_00.", nameof(name));
}
