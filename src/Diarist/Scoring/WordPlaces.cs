using System.Runtime.InteropServices;

namespace Diarist.Scoring;

/// <summary>
/// Where each word stands in a sequence, as bits in blocks of 64. Only the bits of words that stand in many places are kept;
/// those of the others are set when they are needed, so that memory is linear.
/// </summary>
internal sealed class WordPlaces
{
    private const int BlockSize = 64;

    private readonly Dictionary<int, List<int>> _places = [];
    private readonly Dictionary<int, ulong[]> _frequent = [];
    private readonly ulong[] _scratch;

    public WordPlaces(int[] words)
    {
        Length = words.Length;
        _scratch = new ulong[BlocksFor(words.Length)];
        for (int i = 0; i < words.Length; i++)
        {
            ref List<int>? own = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, words[i], out _);
            (own ??= []).Add(i);
        }

        // At most 64 words can stand in as many places as there are blocks.
        foreach ((int word, List<int> own) in _places.Where(entry => entry.Value.Count >= _scratch.Length))
        {
            ulong[] bits = new ulong[_scratch.Length];
            Set(bits, own);
            _frequent.Add(word, bits);
        }
    }

    /// <summary>How many words there are.</summary>
    public int Length { get; }

    /// <summary>The blocks that so many words take.</summary>
    public static int BlocksFor(int words) => (words + BlockSize - 1) / BlockSize;

    /// <summary>The bits of a word, until <see cref="Return"/>.</summary>
    public ulong[] Take(int word)
    {
        if (_frequent.TryGetValue(word, out ulong[]? bits))
        {
            return bits;
        }

        if (_places.TryGetValue(word, out List<int>? own))
        {
            Set(_scratch, own);
        }

        return _scratch;
    }

    /// <summary>Gives the bits of a word back.</summary>
    public void Return(int word)
    {
        if (_places.TryGetValue(word, out List<int>? own) && own.Count < _scratch.Length)
        {
            foreach (int place in own)
            {
                _scratch[place / BlockSize] = 0;
            }
        }
    }

    private static void Set(ulong[] bits, List<int> places)
    {
        foreach (int place in places)
        {
            bits[place / BlockSize] |= 1UL << (place % BlockSize);
        }
    }
}
