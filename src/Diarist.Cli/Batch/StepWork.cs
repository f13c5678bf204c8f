using Diarist.Audio;
using Diarist.Parts;
using Diarist.Sessions;

namespace Diarist.Cli.Batch;

/// <summary>Does single steps of the work on a recording.</summary>
/// <param name="settings">What decides results.</param>
internal sealed class StepWork(BatchSettings settings)
{
    /// <summary>Does a step that writes a file.</summary>
    public void Run(Diarizer diarizer, BatchRecording recording, WorkStep step, IProgress<DiarizationProgress> progress, CancellationToken cancellationToken)
    {
        string output = step.Output ?? throw new InputException(recording.Id, "the step names no file to write");
        var range = new ListeningRange(step.From, step.To ?? double.PositiveInfinity);
        try
        {
            switch (step.Name)
            {
                case WorkStep.Windows:
                    using (AudioStream audio = settings.Recordings.Open(recording.Path))
                    {
                        File.WriteAllBytes(output, diarizer.HearWindows(audio, range, cancellationToken).ToBytes());
                    }

                    break;
                case WorkStep.Voices:
                    using (AudioStream audio = settings.Recordings.Open(recording.Path))
                    {
                        HeardWindows[] windows = [.. step.Inputs.Select(input => HeardWindows.FromBytes(File.ReadAllBytes(input)))];
                        File.WriteAllBytes(output, diarizer.HearVoices(audio, windows, range, cancellationToken).ToBytes());
                    }

                    break;
                case WorkStep.Session:
                    using (AudioStream audio = AudioReader.Open(recording.Path, settings.Recordings.Reading with { Name = step.Title ?? Path.GetFileName(recording.Path) }))
                    {
                        diarizer.Listen(audio, progress, cancellationToken).Save(output);
                    }

                    break;
                default:
                    throw new InputException(recording.Id, $"there is no step '{step.Name}'");
            }
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException)
        {
            throw new InputException(recording.Id, error.Message, error);
        }
    }

    /// <summary>Makes the turns of a recording that was heard in ranges.</summary>
    public (Diarization Diarization, AudioInfo Source) Join(Diarizer diarizer, BatchRecording recording, WorkStep step, CancellationToken cancellationToken)
    {
        try
        {
            // Half of the inputs are windows, and half are voices.
            byte[][] inputs = [.. step.Inputs.Select(File.ReadAllBytes)];
            HeardWindows[] windows = [.. inputs[..(inputs.Length / 2)].Select(HeardWindows.FromBytes)];
            HeardVoices[] voices = [.. inputs[(inputs.Length / 2)..].Select(HeardVoices.FromBytes)];
            using AudioStream audio = settings.Recordings.Open(recording.Path);
            return (diarizer.Join(windows, voices, cancellationToken), audio.Info);
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException)
        {
            throw new InputException(recording.Id, error.Message, error);
        }
    }
}
