namespace Diarist.Server.Http;

/// <summary>A request that is answered with an error; each interface has its own form for it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">A word for programs.</param>
/// <param name="message">A sentence for people.</param>
internal sealed class ApiException(int status, string code, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>A word for programs.</summary>
    public string Code { get; } = code;

    /// <summary>The parameter that is wrong.</summary>
    public string? Parameter { get; init; }

    /// <summary>When to try again, in seconds.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Whether it would fail again in the same way, so that clients should not repeat the request.</summary>
    public bool IsFinal { get; init; }

    /// <summary>Something is not there.</summary>
    public static ApiException NotFound(string message) => new(404, "not_found", message);

    /// <summary>A parameter is wrong.</summary>
    public static ApiException Invalid(string parameter, string message) => new(400, "invalid", message) { Parameter = parameter };
}
