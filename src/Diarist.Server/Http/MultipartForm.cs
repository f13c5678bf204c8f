using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Diarist.Server.Http;

/// <summary>A multipart form whose file goes to the disk as it comes and whose fields are bounded (RFC 7578; names may be without quotes).</summary>
internal sealed class MultipartForm
{
    private const int LongestBoundary = 200;
    private const int MostParts = 64;
    private const int MostFieldBytes = 24 << 20;
    private const int FirstFieldBytes = 4 << 10;

    // Voices of people: never text, and overwritten with the form.
    private const string SecretName = "known_speaker_references";

    private readonly List<(string Name, string Value)> _fields = [];
    private List<byte[]> _secrets = [];

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
            using var body = new MultipartBody(context.Request.Body, boundary);
            int room = MostFieldBytes;
            for (int part = 0; await body.NextAsync(context.RequestAborted).ConfigureAwait(false) is { } header; part++)
            {
                if (part == MostParts)
                {
                    throw new ApiException(400, "form", $"The form has more than {MostParts} parts.");
                }

                room -= await form.TakeAsync(context, header, body.Content, path, maximumFileBytes, check, room).ConfigureAwait(false);
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

    /// <summary>Forgets the fields, names of people among them, once the reply is sent. The voices are overwritten by whom they were given to.</summary>
    private Task LetGoAsync()
    {
        _fields.Clear();
        _secrets = [];
        UnusedMemory.GiveBack();
        return Task.CompletedTask;
    }

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

    private async Task<int> TakeAsync(HttpContext context, string header, Stream content, string path, long maximumFileBytes, Action<string> check, int room)
    {
        CancellationToken cancellationToken = context.RequestAborted;
        if (!ContentDispositionHeaderValue.TryParse(header, out ContentDispositionHeaderValue? disposition))
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
            FileBytes = await UploadWriter.AppendAsync(content, path, 0, maximumFileBytes, hash, cancellationToken).ConfigureAwait(false);
            FileHash = hash.GetHashAndReset();
            return 0;
        }

        check(name);
        if (IsOf(name, SecretName))
        {
            if (_secrets.Count == 0)
            {
                context.Response.OnCompleted(LetGoAsync);
            }

            (byte[] secret, int textBytes) = await SecretField.ReadAsync(content, SecretName, room, cancellationToken).ConfigureAwait(false);
            _secrets.Add(secret);
            return textBytes;
        }

        string value = await ReadTextAsync(content, room, cancellationToken).ConfigureAwait(false);
        _fields.Add((name, value));
        return Encoding.UTF8.GetByteCount(value);
    }

    // Names of people are among the fields: the bytes are overwritten, and the text is let go with the request.
    private static async Task<string> ReadTextAsync(Stream content, int room, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[FirstFieldBytes];
        int held = 0;
        try
        {
            for (int read; (read = await content.ReadAsync(bytes.AsMemory(held), cancellationToken).ConfigureAwait(false)) > 0;)
            {
                held += read;
                if (held > room)
                {
                    throw new ApiException(413, "too_large", "The fields of the form are too large.");
                }

                if (held == bytes.Length)
                {
                    byte[] larger = new byte[2 * held];
                    bytes.CopyTo(larger, 0);
                    CryptographicOperations.ZeroMemory(bytes);
                    bytes = larger;
                }
            }

            return Encoding.UTF8.GetString(bytes, 0, held);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
