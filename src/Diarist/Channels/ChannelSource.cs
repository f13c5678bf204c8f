using Diarist.Audio;

namespace Diarist.Channels;

/// <summary>One channel of a conversation: a channel of a recording, a track of a file, or a file of its own.</summary>
/// <param name="Label">What its speaker is called; with several speakers, what their labels begin with.</param>
/// <param name="Open">Opens the channel from its start. All channels of a conversation start at the same time.</param>
public sealed record ChannelSource(string Label, Func<AudioStream> Open);
