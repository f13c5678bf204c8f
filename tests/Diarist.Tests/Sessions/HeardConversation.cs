using Diarist.Audio;
using Diarist.Pipeline;
using Diarist.Segments;
using Diarist.Sessions;
using Diarist.Tests.Support;

namespace Diarist.Tests.Sessions;

/// <summary>What is heard of the conversation of the samples: listened to once for all tests of sessions.</summary>
internal static class HeardConversation
{
    private static readonly Lazy<HeardSpeech> Heard = new(() =>
    {
        var networks = new LoadedNetworks(InsideNetworks.Store.RequireAll(Diarizer.PacksFor()), Precision.Auto, threads: 1);
        var pipeline = new SegmentsPipeline(networks, new DiarizerOptions().Resolved);
        using var audio = new MonoStream(AudioReader.Open(Shared.InRepository("samples/conversation.flac")));
        return pipeline.Listen(audio.Read, (_, _) => { }, new StageClock(null), CancellationToken.None);
    });

    /// <summary>All that was heard.</summary>
    public static HeardSpeech Value => Heard.Value;

    /// <summary>A session of it without a correction.</summary>
    public static DiarizationSession Session() =>
        new(new SessionRecording(new AudioInfo("talk.wav", "WAV", 16000, 1, 16, null), "00", Value.Duration), Value, new DiarizerOptions(), [], [], [1, 2]);
}
