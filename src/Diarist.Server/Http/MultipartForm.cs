using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Diarist.Server.Http;

/// <summary>A multipart form whose file goes to the disk as it comes and whose fields are bounded (RFC 7578; names may be without quotes).</summary>
internal sealed class MultipartForm
{
    private const int LongestBoundary = 200;
    private const int MostParts = 64;
    private const int MostFieldBytes = 24 << 20;

    // Voices of people: never text, and overwritten with the form.
    private const string SecretName = "known_speaker_references";

    private readonly List<(string Name, string Value)> _fields = [];
    private readonly List<byte[]> _secrets = [];

    /// <summary>The fields in their order.</summary>
    public IReadOnlyList<(string Name, string Value)> Fields => _fields;

    /// <summary>The contents of the fields that must not stay in memory, in their order.</summary>
    public IReadOnlyList<byte[]> Secrets => _secrets;

    /// <summary>What the client calls the file.</summary>
    public string FileName { get; private set; } = "";

    /// <summary>The bytes of the file; 0 when there is none.</summary>
    public long FileBytes { get; private set; }

    /// <summary>SHA-256 of the file.</summary>
    public byte[] FileHash { get; private set; } = [];

    /// <summary>Reads a form.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">Where the part called <c>file</c> goes.</param>
    /// <param name="maximumFileBytes">The most bytes that it may have.</param>
    /// <param name="check">Refuses a field by its name, before its content is read.</param>
    /// <exception cref="ApiException">The body is no such form, or larger than what is taken.</exception>
    public static async Task<MultipartForm> ReadAsync(HttpContext context, string path, long maximumFileBytes, Action<string> check)
    {
        string boundary = BoundaryOf(context.Request);
        RequestLimits.Allow(context, maximumFileBytes > long.MaxValue - (2L * MostFieldBytes) ? long.MaxValue : maximumFileBytes + (2L * MostFieldBytes));
        var form = new MultipartForm();
        bool whole = false;
        try
        {
            var reader = new MultipartReader(boundary, context.Request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 8 << 10 };
            int room = MostFieldBytes;
            for (int part = 0; await reader.ReadNextSectionAsync(context.RequestAborted).ConfigureAwait(false) is { } section; part++)
            {
                if (part == MostParts)
                {
                    throw new ApiException(400, "form", $"The form has more than {MostParts} parts.");
                }

                room -= await form.TakeAsync(section, path, maximumFileBytes, check, room, context.RequestAborted).ConfigureAwait(false);
            }

            whole = form.FileBytes > 0;
            return whole ? form : throw ApiException.Invalid("file", "The form has no file, or an empty one.");
        }
        catch (Exception error) when (error is InvalidDataException || (error is IOException and not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested))
        {
            throw new ApiException(400, "form", "The form is malformed or incomplete.");
        }
        finally
        {
            if (!whole)
            {
                form.Erase();
            }
        }
    }

    /// <summary>Overwrites what must not stay in memory.</summary>
    public void Erase() => _secrets.ForEach(secret => CryptographicOperations.ZeroMemory(secret));

    /// <summary>The value of a field; <see langword="null"/> when it is absent or empty.</summary>
    public string? Value(string name) => _fields.Where(field => field.Name == name && field.Value.Length > 0).Select(field => field.Value).FirstOrDefault();

    /// <summary>The values of a list, in both spellings: <c>name</c> and <c>name[]</c>.</summary>
    public IReadOnlyList<string> Values(string name) => [.. _fields.Where(field => IsOf(field.Name, name)).Select(field => field.Value)];

    private static bool IsOf(string field, string name) => field == name || field == $"{name}[]" || IsItem(field, name);

    // Some clients number the items: name[0], name[1].
    private static bool IsItem(string field, string name) =>
        field.Length > name.Length + 2 && field.StartsWith(name, StringComparison.Ordinal) && field[name.Length] == '[' && field[^1] == ']' && field[(name.Length + 1)..^1].All(char.IsAsciiDigit);

    private static string BoundaryOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(400, "content_type", "The recording comes in a multipart/form-data body, in a part named file.");
        }

        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= LongestBoundary ? boundary : throw new ApiException(400, "form", "The form has no boundary, or one that is too long.");
    }

    private async Task<int> TakeAsync(MultipartSection section, string path, long maximumFileBytes, Action<string> check, int room, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition))
        {
            throw new ApiException(400, "form", "A part of the form has no name.");
        }

        string name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        if (name == "file")
        {
            if (FileBytes > 0)
            {
                throw ApiException.Invalid("file", "The form has more than one file.");
            }

            string? extended = disposition.FileNameStar.Value;
            FileName = extended is { Length: > 0 } ? extended : HeaderUtilities.RemoveQuotes(disposition.FileName).ToString();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            FileBytes = await UploadWriter.AppendAsync(section.Body, path, 0, maximumFileBytes, hash, cancellationToken).ConfigureAwait(false);
            FileHash = hash.GetHashAndReset();
            return 0;
        }

        check(name);
        if (IsOf(name, SecretName))
        {
            (byte[] content, int textBytes) = await SecretField.ReadAsync(section.Body, SecretName, room, cancellationToken).ConfigureAwait(false);
            _secrets.Add(content);
            return textBytes;
        }

        using var bytes = new MemoryStream();
        byte[] block = new byte[8192];
        for (int read; (read = await section.Body.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (bytes.Length + read > room)
            {
                throw new ApiException(413, "too_large", "The fields of the form are too large.");
            }

            bytes.Write(block, 0, read);
        }

        _fields.Add((name, Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length)));
        return (int)bytes.Length;
    }
}
