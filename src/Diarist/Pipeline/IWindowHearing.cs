using Diarist.Segmentation;

namespace Diarist.Pipeline;

/// <summary>What hears the windows of a recording: a network that tells local speakers apart, or speech that was found before.</summary>
internal interface IWindowHearing
{
    /// <summary>Whether the local speakers of a window are different people; else a window says nothing about who speaks.</summary>
    bool TellsSpeakersApart { get; }

    /// <summary>Who is active in a batch of windows, shape (windows, 589), one bit for each local speaker. Called from several threads.</summary>
    /// <param name="batch">The windows.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    byte[] Masks(WindowBatch batch, CancellationToken cancellationToken);
}
