using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Diarist.Cli.Queue;

/// <summary>What jobs are called: the same work has the same name, whoever asks for it and when.</summary>
internal static class JobNames
{
    private const int Length = 40;

    /// <summary>The name of the job that makes the result of a recording.</summary>
    public static string Of(string id, string key) => Hash($"{id}\n{key}");

    /// <summary>The name of a step of it.</summary>
    /// <param name="whole">The name of the job that makes the result.</param>
    /// <param name="step">The step.</param>
    /// <param name="from">The beginning of its range in seconds.</param>
    /// <param name="to">Its end.</param>
    public static string OfStep(string whole, string step, double from, double? to) => Hash(string.Create(CultureInfo.InvariantCulture, $"{whole}\n{step} {from:R} {to:R}"));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Length];
}
