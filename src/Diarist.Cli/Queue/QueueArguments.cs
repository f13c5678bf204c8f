using System.CommandLine;
using Diarist.Jobs;

namespace Diarist.Cli.Queue;

/// <summary>The options that say where a queue of jobs is and how one is let in.</summary>
internal static class QueueArguments
{
    private static readonly Option<string> Url = new("--nats") { Description = "The servers, with commas between, such as nats://one:4222,nats://two:4222 or tls://one:4222.", DefaultValueFactory = _ => "nats://127.0.0.1:4222", HelpName = "URL" };
    private static readonly Option<string> Name = new("--queue") { Description = "The name of the queue, for several on one server.", DefaultValueFactory = _ => "diarist", HelpName = "NAME" };
    private static readonly Option<string?> Credentials = File("--creds", "A file of NATS credentials.");
    private static readonly Option<string?> NKey = File("--nkey", "A file with an NKey seed.");
    private static readonly Option<string?> Authority = File("--tls-ca", "The certificate of the authority behind the server's certificate.");
    private static readonly Option<string?> Certificate = File("--tls-cert", "This client's certificate.");
    private static readonly Option<string?> Key = File("--tls-key", "The private key of that certificate.");
    private static readonly Option<int?> Replicas = OptionFactory.Count("--replicas", "On how many servers of a cluster a new queue is kept; default 1.", 1, 5);
    private static readonly Option<double> Silence = OptionFactory.Number("--ack-wait", "How long a worker may be silent before its job is another's; the same for all.", 1, 3600, 30, "seconds");

    private static readonly Option<string?> ServerUrl = new("--queue") { Description = "Have recordings listened to by the workers of a queue on NATS JetStream, such as nats://one:4222 (diarist worker).", HelpName = "URL" };
    private static readonly Option<string> ServerName = new("--queue-name") { Description = "The name of the queue.", DefaultValueFactory = _ => "diarist", HelpName = "NAME" };

    /// <summary>Adds the options for a program that works without a queue unless one is named.</summary>
    public static void AddOptionalTo(Command command)
    {
        foreach (Option option in (Option[])[ServerUrl, ServerName, Credentials, NKey, Authority, Certificate, Key, Replicas, Silence])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The options as given; null where no queue is named.</summary>
    public static JobQueueOptions? ReadOptional(ParseResult parsed) => parsed.GetValue(ServerUrl) is { } url ? Read(parsed, url, parsed.GetRequiredValue(ServerName)) : null;

    public static void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Url, Name, Credentials, NKey, Authority, Certificate, Key, Replicas, Silence])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The options as given.</summary>
    public static JobQueueOptions Read(ParseResult parsed) => Read(parsed, parsed.GetRequiredValue(Url), parsed.GetRequiredValue(Name));

    private static JobQueueOptions Read(ParseResult parsed, string url, string name)
    {
        if (name.Length is 0 or > 64 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            throw new UsageException("The name of a queue has letters, digits, - and _, 64 at most.");
        }

        foreach (Option<string?> file in (Option<string?>[])[Credentials, NKey, Authority, Certificate, Key])
        {
            if (parsed.GetValue(file) is { } path && !System.IO.File.Exists(path))
            {
                throw new InputException(path, "there is no such file");
            }
        }

        return new JobQueueOptions
        {
            Url = url,
            Queue = name,
            CredentialsFile = parsed.GetValue(Credentials),
            NKeyFile = parsed.GetValue(NKey),
            CertificateAuthorityFile = parsed.GetValue(Authority),
            CertificateFile = parsed.GetValue(Certificate),
            KeyFile = parsed.GetValue(Key),
            Replicas = parsed.GetValue(Replicas) ?? 1,
            AckWait = TimeSpan.FromSeconds(parsed.GetValue(Silence)),
        };
    }

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
