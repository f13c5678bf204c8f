using System.Buffers.Binary;
using Diarist.Asr.Whisper;
using Diarist.Tests.Support;

namespace Diarist.Tests.Asr;

/// <summary>Whatever is wrong with a model file is found before native code sees it.</summary>
public sealed class WhisperModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _model;

    public WhisperModelFileTests()
    {
        string path = _folder.PathOf("whole.bin");
        WhisperModelWriter.Write(path);
        _model = File.ReadAllBytes(path);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_model_says_what_it_is()
    {
        WhisperModelFile model = WhisperModelFile.Read(_folder.PathOf("whole.bin"), TestContext.Current.CancellationToken);
        Assert.Equal((51865, 4, 4, 6, 80, true, 50257), (model.Vocabulary, model.AudioLayers, model.TextLayers, model.TextHeads, model.MelBands, model.IsMultilingual, model.EndOfText));
        Assert.Equal(" hat"u8, model.TextOf(2));
        Assert.True(model.TextOf(50364).IsEmpty);
    }

    [Fact]
    public void What_is_missing_or_no_model_is_told()
    {
        Assert.Contains("there is no such model file", Refused(_folder.PathOf("absent.bin")), StringComparison.Ordinal);
        Assert.Contains("not a Whisper model", Refused(Written([])), StringComparison.Ordinal);
        Assert.Contains("not a Whisper model", Refused(Written("RIFF this is a sound"u8.ToArray())), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refused(Path.GetDirectoryName(_folder.PathOf("x"))!), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_cut_anywhere_is_told_so()
    {
        var random = new Random(5);
        int[] lengths = [4, 5, 47, 48, 60, _model.Length - 1, .. Enumerable.Range(0, 40).Select(_ => random.Next(4, _model.Length))];
        Assert.All(lengths, length => Assert.Contains("cut off at its end", Refused(Written(_model[..length])), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 0)] // the vocabulary
    [InlineData(0, int.MaxValue)]
    [InlineData(2, 95)] // a width that the heads do not divide
    [InlineData(3, 0)]
    [InlineData(4, -1)]
    [InlineData(9, 81)] // more mel bands than filters
    [InlineData(11, int.MaxValue)] // rows of the filters
    [InlineData(12, -1)]
    public void A_wrong_number_is_told_with_its_place(int index, int value)
    {
        byte[] bytes = [.. _model];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 + (4 * index)), value);
        Assert.Matches("damaged before byte [0-9]+: .*download it again", Refused(Written(bytes)));
    }

    [Fact]
    public void Changed_bytes_never_give_another_error_than_the_documented_one()
    {
        var random = new Random(7);
        int tensors = _model.AsSpan().IndexOf("encoder.positional_embedding"u8) - 20;
        for (int round = 0; round < 60; round++)
        {
            byte[] bytes = [.. _model];
            for (int change = 0; change < 4; change++)
            {
                bytes[random.Next(2) == 0 ? random.Next(100) : tensors + random.Next(60)] = (byte)random.Next(256);
            }

            try
            {
                _ = WhisperModelFile.Read(Written(bytes), TestContext.Current.CancellationToken);
            }
            catch (InputException error)
            {
                Assert.Contains("changed.bin", error.Message, StringComparison.Ordinal);
            }
        }
    }

    private string Written(byte[] bytes)
    {
        string path = _folder.PathOf("changed.bin");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static string Refused(string path)
    {
        InputException error = Assert.Throws<InputException>(() => WhisperModelFile.Read(path, TestContext.Current.CancellationToken));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
