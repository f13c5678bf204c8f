using System.Buffers.Binary;
using System.Globalization;

namespace Diarist.Asr.Whisper;

/// <summary>
/// What a model file in whisper.cpp's ggml form says of itself, after all of it has been looked at. The native loader believes
/// every length that it reads, so a damaged file could end the process; it only gets files that were found whole here.
/// </summary>
/// <remarks>
/// The form, all numbers little-endian: the magic 0x67676d6c, eleven int32 of dimensions, the mel filters (int32 rows and columns, float32
/// values), the vocabulary (int32 count; each a uint32 length and bytes), then tensors to the end of the file (int32 dimensions, length of
/// the name, type; the sizes; the name; the data).
/// </remarks>
internal sealed class WhisperModelFile
{
    /// <summary>The number of tokens that are text in models of several languages; in English models it is one less.</summary>
    private const int TextTokens = 50257;

    private const uint Magic = 0x67676d6c;
    private const int FirstMultilingual = 51865;
    private const int LongestToken = 1024;
    private const int LongestName = 256;

    private static readonly string[] DimensionNames =
    [
        "vocabulary", "audio positions", "audio width", "audio heads", "audio layers", "text positions", "text width", "text heads", "text layers", "mel bands", "type of numbers",
    ];

    // Bounds far beyond every published model (large: width 1280, 32 layers).
    private static readonly (int Least, int Most)[] DimensionBounds =
    [
        (51864, 60000), (1500, 1500), (1, 8192), (1, 256), (1, 256), (64, 4096), (1, 8192), (1, 256), (1, 256), (1, 256), (0, 10000),
    ];

    // Numbers and bytes of a block, by ggml's number of the type.
    private static readonly Dictionary<int, (int Count, int Bytes)> Types = new()
    {
        [0] = (1, 4),
        [1] = (1, 2),
        [2] = (32, 18),
        [3] = (32, 20),
        [6] = (32, 22),
        [7] = (32, 24),
        [8] = (32, 34),
        [10] = (256, 84),
        [11] = (256, 110),
        [12] = (256, 144),
        [13] = (256, 176),
        [14] = (256, 210),
    };

    private readonly string _path;
    private readonly byte[] _buffer = new byte[LongestToken];
    private readonly int[] _dimensions = new int[DimensionNames.Length];
    private readonly List<byte[]> _tokens = [];

    private WhisperModelFile(string path) => _path = path;

    /// <summary>Tokens in all, those without text among them.</summary>
    public int Vocabulary => _dimensions[0];

    /// <summary>Layers of the encoder.</summary>
    public int AudioLayers => _dimensions[4];

    /// <summary>Attention heads of a layer of the decoder.</summary>
    public int TextHeads => _dimensions[7];

    /// <summary>Layers of the decoder.</summary>
    public int TextLayers => _dimensions[8];

    /// <summary>Mel bands that the encoder hears.</summary>
    public int MelBands => _dimensions[9];

    /// <summary>Whether the model knows more languages than English.</summary>
    public bool IsMultilingual => Vocabulary >= FirstMultilingual;

    /// <summary>The first token that is not text.</summary>
    public int EndOfText => IsMultilingual ? TextTokens : TextTokens - 1;

    /// <summary>Reads a file through: all but the tensors' values.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="InputException">The file is missing, is no model, or is damaged; with the place.</exception>
    public static WhisperModelFile Read(string path, CancellationToken cancellationToken = default)
    {
        var model = new WhisperModelFile(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            model.Read(stream, cancellationToken);
        }
        catch (EndOfStreamException error)
        {
            throw new InputException(path, "the model is cut off at its end; download it again.", error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such model file; name a file in whisper.cpp's ggml form.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"the model cannot be read: {error.Message}", error);
        }

        return model;
    }

    /// <summary>The bytes of a token's text, in UTF-8 when joined with its neighbours; empty for tokens that are not text.</summary>
    public ReadOnlySpan<byte> TextOf(int token) => token >= 0 && token < EndOfText && token < _tokens.Count ? _tokens[token] : [];

    private void Read(FileStream stream, CancellationToken cancellationToken)
    {
        if (stream.Length < 4 || (uint)Number(stream) != Magic)
        {
            throw new InputException(_path, "this is not a Whisper model in whisper.cpp's ggml form (such as ggml-base.bin).");
        }

        for (int i = 0; i < _dimensions.Length; i++)
        {
            _dimensions[i] = Number(stream);
            if (_dimensions[i] < DimensionBounds[i].Least || _dimensions[i] > DimensionBounds[i].Most)
            {
                throw Damaged(stream, $"{_dimensions[i]} is no {DimensionNames[i]}");
            }
        }

        if (_dimensions[2] != _dimensions[6] || _dimensions[2] % _dimensions[3] != 0 || _dimensions[6] % _dimensions[7] != 0)
        {
            throw Damaged(stream, "widths and heads do not fit each other");
        }

        ReadFilters(stream);
        ReadVocabulary(stream, cancellationToken);
        int tensors = 0;
        while (stream.Position < stream.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SkipTensor(stream);
            tensors++;
        }

        int expected = 10 + (15 * AudioLayers) + (24 * TextLayers) + 1;
        if (tensors < expected)
        {
            throw new InputException(_path, $"the model is cut off at its end: {tensors} of {expected} tensors are there; download it again.");
        }
    }

    private void ReadFilters(FileStream stream)
    {
        int rows = Number(stream);
        int columns = Number(stream);
        if (rows != MelBands || columns is < 1 or > 4096)
        {
            throw Damaged(stream, "the mel filters have a wrong size");
        }

        Skip(stream, 4L * rows * columns);
    }

    private void ReadVocabulary(FileStream stream, CancellationToken cancellationToken)
    {
        int count = Number(stream);
        if (count < 0 || count > Vocabulary)
        {
            throw Damaged(stream, $"{count} is not a number of tokens");
        }

        for (int i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = Number(stream);
            if (length is < 0 or > LongestToken)
            {
                throw Damaged(stream, $"token {i} has {(uint)length} bytes");
            }

            stream.ReadExactly(_buffer, 0, length);
            _tokens.Add(_buffer[..length]);
        }
    }

    private void SkipTensor(FileStream stream)
    {
        int dimensions = Number(stream);
        int nameLength = Number(stream);
        int type = Number(stream);
        if (dimensions is < 0 or > 4 || nameLength is < 1 or > LongestName || !Types.TryGetValue(type, out (int Count, int Bytes) block))
        {
            throw Damaged(stream, "no tensor begins here");
        }

        long numbers = 1;
        for (int i = 0; i < dimensions; i++)
        {
            int size = Number(stream);
            if (size < 1 || (numbers *= size) > int.MaxValue)
            {
                throw Damaged(stream, "a tensor has a wrong size");
            }
        }

        if (numbers % block.Count != 0)
        {
            throw Damaged(stream, "a tensor ends within a block");
        }

        Skip(stream, nameLength);
        Skip(stream, numbers / block.Count * block.Bytes);
    }

    private static void Skip(FileStream stream, long bytes)
    {
        if (stream.Position + bytes > stream.Length)
        {
            throw new EndOfStreamException();
        }

        stream.Seek(bytes, SeekOrigin.Current);
    }

    private int Number(FileStream stream)
    {
        stream.ReadExactly(_buffer, 0, 4);
        return BinaryPrimitives.ReadInt32LittleEndian(_buffer);
    }

    private InputException Damaged(FileStream stream, string what) =>
        new(_path, string.Create(CultureInfo.InvariantCulture, $"the model is damaged before byte {stream.Position}: {what}; download it again."));
}
