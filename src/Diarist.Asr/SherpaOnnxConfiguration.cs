using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Diarist.Asr;

/// <summary>
/// The C structure <c>SherpaOnnxOfflineRecognizerConfig</c> of sherpa-onnx 1.13.4 to 1.13.8 on 64-bit machines, filled by
/// the names of its members: <c>whisper.encoder</c>, <c>tokens</c>, <c>decoding_method</c>.
/// </summary>
internal sealed class SherpaOnnxConfiguration : IDisposable
{
    /// <summary>The size of the structure in bytes.</summary>
    public const int Size = 608;

    // The members of c-api.h in their order. A group in braces is a structure of its own; text, number (int32) and
    // fraction (float) members are marked * # and ~.
    private const string Layout =
        "{feat.sample_rate# feat.feature_dim#} "
        + "{transducer.encoder* transducer.decoder* transducer.joiner*} {paraformer.model*} {nemo_ctc.model*} "
        + "{whisper.encoder* whisper.decoder* whisper.language* whisper.task* whisper.tail_paddings# whisper.enable_token_timestamps# whisper.enable_segment_timestamps#} "
        + "{tdnn.model*} tokens* num_threads# debug# provider* model_type* modeling_unit* bpe_vocab* telespeech_ctc* "
        + "{sense_voice.model* sense_voice.language* sense_voice.use_itn#} "
        + "{moonshine.preprocessor* moonshine.encoder* moonshine.uncached_decoder* moonshine.cached_decoder* moonshine.merged_decoder*} "
        + "{fire_red_asr.encoder* fire_red_asr.decoder*} {dolphin.model*} {zipformer_ctc.model*} "
        + "{canary.encoder* canary.decoder* canary.src_lang* canary.tgt_lang* canary.use_pnc#} {wenet_ctc.model*} {omnilingual.model*} {medasr.model*} "
        + "{funasr_nano.encoder_adaptor* funasr_nano.llm* funasr_nano.embedding* funasr_nano.tokenizer* funasr_nano.system_prompt* funasr_nano.user_prompt* "
        + "funasr_nano.max_new_tokens# funasr_nano.temperature~ funasr_nano.top_p~ funasr_nano.seed# funasr_nano.language* funasr_nano.itn# funasr_nano.hotwords*} "
        + "{fire_red_asr_ctc.model*} "
        + "{qwen3_asr.conv_frontend* qwen3_asr.encoder* qwen3_asr.decoder* qwen3_asr.tokenizer* qwen3_asr.max_total_len# qwen3_asr.max_new_tokens# "
        + "qwen3_asr.temperature~ qwen3_asr.top_p~ qwen3_asr.seed# qwen3_asr.hotwords*} "
        + "{cohere_transcribe.encoder* cohere_transcribe.decoder* cohere_transcribe.language* cohere_transcribe.use_punct# cohere_transcribe.use_itn#} "
        + "{lm.model* lm.scale~} decoding_method* max_active_paths# hotwords_file* hotwords_score~ rule_fsts* rule_fars* blank_penalty~ "
        + "{hr.dict_dir* hr.lexicon* hr.rule_fsts*}";

    private static readonly Dictionary<string, (int Offset, char Kind)> Members = Place();

    // Texts that are no paths; every other text names a file or folder that must be there.
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "language", "task", "provider", "model_type", "modeling_unit", "src_lang", "tgt_lang", "system_prompt", "user_prompt", "hotwords", "decoding_method",
    };

    private readonly List<nint> _texts = [];

    /// <summary>Fills the structure; members that are not named stay 0, which the library takes for its defaults.</summary>
    /// <exception cref="ArgumentException">There is no member of a name, or its value is no number where one is needed.</exception>
    /// <exception cref="TranscriberException">A file that a member names is not there.</exception>
    public SherpaOnnxConfiguration(IReadOnlyDictionary<string, string> members)
    {
        foreach (var (name, value) in members)
        {
            if (!Members.ContainsKey(name))
            {
                throw new ArgumentException($"sherpa-onnx has no member '{name}'; there are {string.Join(", ", Members.Keys)}.", nameof(members));
            }

            if (IsPath(name) && !File.Exists(value) && !Directory.Exists(value))
            {
                throw new TranscriberException($"sherpa-onnx: {name} is {value}, and nothing is there; download the model or correct the path");
            }
        }

        Bytes = new byte[Size];
        try
        {
            foreach (var (name, value) in members)
            {
                Write(name, value);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The structure; valid until this is disposed.</summary>
    public byte[] Bytes { get; }

    /// <summary>The names of the members with the offset of each.</summary>
    public static IReadOnlyDictionary<string, int> Offsets => Members.ToDictionary(member => member.Key, member => member.Value.Offset);

    public void Dispose()
    {
        _texts.ForEach(Marshal.FreeCoTaskMem);
        _texts.Clear();
    }

    private static bool IsPath(string name) => Members[name].Kind == '*' && !Words.Contains(name[(name.LastIndexOf('.') + 1)..]);

    private void Write(string name, string value)
    {
        var (offset, kind) = Members[name];
        Span<byte> place = Bytes.AsSpan(offset);
        if (kind == '*')
        {
            _texts.Add(Marshal.StringToCoTaskMemUTF8(value));
            BinaryPrimitives.WriteInt64LittleEndian(place, _texts[^1]);
        }
        else if (kind == '#' && int.TryParse(value, CultureInfo.InvariantCulture, out int number))
        {
            BinaryPrimitives.WriteInt32LittleEndian(place, number);
        }
        else if (kind == '~' && float.TryParse(value, CultureInfo.InvariantCulture, out float fraction))
        {
            BinaryPrimitives.WriteSingleLittleEndian(place, fraction);
        }
        else
        {
            throw new ArgumentException($"sherpa-onnx: {name} takes a number, and '{value}' is not one.", nameof(value));
        }
    }

    /// <summary>C's layout: every member at a multiple of its size, every structure at and up to a multiple of its widest member.</summary>
    private static Dictionary<string, (int Offset, char Kind)> Place()
    {
        var members = new Dictionary<string, (int, char)>(StringComparer.Ordinal);
        int at = 0;
        foreach (string token in Layout.Split(' '))
        {
            string name = token.Trim('{', '}');
            char kind = name[^1];
            int width = kind == '*' ? 8 : 4;
            at = Align(at, token[0] == '{' ? 8 : width);
            members.Add(name[..^1], (at, kind));
            at += width;
            at = token[^1] == '}' ? Align(at, 8) : at;
        }

        return members;
    }

    private static int Align(int offset, int width) => (offset + width - 1) / width * width;
}
