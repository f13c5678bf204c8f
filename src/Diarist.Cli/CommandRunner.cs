using System.CommandLine;

namespace Diarist.Cli;

/// <summary>A mistake in how the command was called that the parser cannot see; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Runs the body of a command and turns every error into one line on stderr and a documented exit code.</summary>
internal static class CommandRunner
{
    /// <summary>Makes <paramref name="body"/> the action of <paramref name="command"/>.</summary>
    public static void SetBody(this Command command, Func<ParseResult, CancellationToken, Task> body) =>
        command.SetAction((result, cancellation) => RunAsync(() => body(result, cancellation)));

    /// <summary>Runs <paramref name="body"/>; never throws.</summary>
    public static async Task<int> RunAsync(Func<Task> body)
    {
        try
        {
            await body().ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            return Fail("cancelled", ExitCode.Cancelled);
        }
        catch (UsageException error)
        {
            return Fail(error.Message, ExitCode.Usage);
        }
        catch (PackDownloadException error)
        {
            return Fail(ErrorHints.Describe(error), ExitCode.Download);
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
