using Diarist.Audio;

namespace Diarist.Simulation;

/// <summary>What one speaker still has to say: their utterances in random order, cut at pauses into turns.</summary>
internal sealed class TurnQueue
{
    private readonly Queue<SourceUtterance> _utterances;
    private readonly ValueRange _turnSeconds;
    private readonly SimulationRandom _random;
    private LoadedUtterance? _current;
    private int _nextRegion;
    private TurnAudio? _ready;

    /// <summary>Shuffles the utterances of one speaker, of which there is at least one.</summary>
    public TurnQueue(SourceUtterance[] utterances, ValueRange turnSeconds, SimulationRandom random)
    {
        Speaker = utterances[0].Speaker;
        SourceUtterance[] shuffled = [.. utterances];
        random.Shuffle<SourceUtterance>(shuffled);
        _utterances = new Queue<SourceUtterance>(shuffled);
        _turnSeconds = turnSeconds;
        _random = random;
    }

    /// <summary>Who speaks.</summary>
    public string Speaker { get; }

    /// <summary>Whether nothing is left.</summary>
    public bool IsEmpty => (_ready ??= Cut()) is null;

    /// <summary>The next turn; <see langword="null"/> when nothing is left.</summary>
    public TurnAudio? Next()
    {
        TurnAudio? turn = _ready ?? Cut();
        _ready = null;
        return turn;
    }

    private TurnAudio? Cut()
    {
        while (_current is null || _nextRegion == _current.Speech.Count)
        {
            if (!_utterances.TryDequeue(out SourceUtterance? next))
            {
                return null;
            }

            _current = next.ToMemory();
            _nextRegion = 0;
        }

        int first = _nextRegion;
        if (_current.Source.Text.Length > 0)
        {
            _nextRegion = _current.Speech.Count;
        }
        else
        {
            // Turns differ in length by ratios rather than by seconds.
            double wanted = _turnSeconds.Minimum * Math.Pow(_turnSeconds.Maximum / _turnSeconds.Minimum, _random.NextDouble()) * MonoStream.SampleRate;
            for (double missing = wanted; _nextRegion < _current.Speech.Count && missing > 0; _nextRegion++)
            {
                _current = EnergySpeech.Split(_current, _nextRegion, missing);
                missing -= _current.Speech[_nextRegion].Length;
            }
        }

        return TurnAudio.Cut(_current, first, _nextRegion - first);
    }
}
