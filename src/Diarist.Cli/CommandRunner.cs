using System.CommandLine;
using Diarist.Cli.Remote;
using Diarist.Identity;

namespace Diarist.Cli;

/// <summary>A mistake in how the command was called that the parser cannot see; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>The mistake behind an argument that the library refuses, without the names that only code has.</summary>
    public static UsageException From(ArgumentException error)
    {
        int parameter = error.Message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        return new UsageException(parameter > 0 ? error.Message[..parameter] : error.Message);
    }
}

/// <summary>Recordings of a batch have no result, and the others have; exit code 8.</summary>
internal sealed class BatchFailuresException(string message) : Exception(message);

/// <summary>Runs the body of a command and turns every error into one line on stderr and a documented exit code.</summary>
internal static class CommandRunner
{
    /// <summary>Makes <paramref name="body"/> the action of <paramref name="command"/>.</summary>
    public static void SetBody(this Command command, Func<ParseResult, CancellationToken, Task> body) =>
        command.SetAction((result, _) => RunAsync(() =>
        {
            Messages.Read(result);
            return body(result, Interruption.Token);
        }));

    /// <summary>Runs <paramref name="body"/>, which waits for nothing; never throws.</summary>
    public static int Run(Action body) => RunAsync(() =>
    {
        body();
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    /// <summary>Runs <paramref name="body"/>; never throws.</summary>
    public static async Task<int> RunAsync(Func<Task> body)
    {
        try
        {
            await body().ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (Exception error) when (error is OperationCanceledException || Interruption.Requested)
        {
            // What fails after a signal fails because of it: a program was stopped, a stream closed.
            Interruption.Say();
            return Interruption.ExitCode;
        }
        catch (UsageException error)
        {
            return Fail(error.Message, ExitCode.Usage);
        }
        catch (BatchFailuresException error)
        {
            return Fail(error.Message, ExitCode.Failures);
        }
        catch (RemoteException error)
        {
            return Fail(error.Message, ExitCode.Server);
        }
        catch (PackDownloadException error)
        {
            return Fail(ErrorHints.Describe(error), ExitCode.Download);
        }
        catch (VoiceStoreException error)
        {
            return Fail(error.Message, ExitCode.PackMissing);
        }
        catch (PackException error)
        {
            return Fail(ErrorHints.Describe(error), ExitCode.PackMissing);
        }
        catch (DiaristException error)
        {
            return Fail(ErrorHints.Describe(error), ExitCode.Input);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fail(error.Message, ExitCode.Input);
        }
#pragma warning disable CA1031 // The last line of defence: a bug must still end in one sentence and a code, not in a stack trace.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Fail($"internal error, please report it: {error.GetType().Name}: {error.Message}", ExitCode.Internal);
        }
    }

    private static int Fail(string message, int code)
    {
        Console.Error.WriteLine($"diarist: {message.ReplaceLineEndings(" ")}");
        return code;
    }
}
