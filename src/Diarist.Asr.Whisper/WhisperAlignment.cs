using Whisper.net;

namespace Diarist.Asr.Whisper;

/// <summary>Which heads of a model's attention follow the words in time; known for OpenAI's models, told apart by their dimensions.</summary>
internal static class WhisperAlignment
{
    private static readonly (int AudioLayers, int TextLayers, int TextHeads, int MelBands, WhisperAlignmentHeadsPreset English, WhisperAlignmentHeadsPreset Multilingual)[] Known =
    [
        (4, 4, 6, 80, WhisperAlignmentHeadsPreset.TinyEn, WhisperAlignmentHeadsPreset.Tiny),
        (6, 6, 8, 80, WhisperAlignmentHeadsPreset.BaseEn, WhisperAlignmentHeadsPreset.Base),
        (12, 12, 12, 80, WhisperAlignmentHeadsPreset.SmallEn, WhisperAlignmentHeadsPreset.Small),
        (24, 24, 16, 80, WhisperAlignmentHeadsPreset.MediumEn, WhisperAlignmentHeadsPreset.Medium),
        (32, 32, 20, 128, WhisperAlignmentHeadsPreset.None, WhisperAlignmentHeadsPreset.LargeV3),
        (32, 4, 20, 128, WhisperAlignmentHeadsPreset.None, WhisperAlignmentHeadsPreset.LargeV3Turbo),
    ];

    /// <summary>The heads of a model; none when they are not known: other makers' models, and large v1 and v2, which look the same.</summary>
    public static WhisperAlignmentHeadsPreset HeadsOf(WhisperModelFile model)
    {
        foreach (var known in Known)
        {
            if ((known.AudioLayers, known.TextLayers, known.TextHeads, known.MelBands) == (model.AudioLayers, model.TextLayers, model.TextHeads, model.MelBands))
            {
                return model.IsMultilingual ? known.Multilingual : known.English;
            }
        }

        return WhisperAlignmentHeadsPreset.None;
    }
}
