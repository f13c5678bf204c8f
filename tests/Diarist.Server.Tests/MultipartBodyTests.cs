using System.Text;
using Diarist.Server.Http;

namespace Diarist.Server.Tests;

/// <summary>Multipart bodies come apart alike however they arrive; malformed ones are refused.</summary>
public class MultipartBodyTests
{
    private const string Boundary = "B--x";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parts_are_the_same_whatever_the_pieces()
    {
        // Contents that look like the beginning of a delimiter, end in a line break, are empty, or are larger than the buffer.
        string large = string.Concat(Enumerable.Range(0, 30_000).Select(number => $"{number}\r\n--B-"));
        string[] contents = ["value", "", "\r\n--B-\r\n--B--\r", "\r\n", large, "--"];
        foreach ((string before, string after) in ((string, string)[])[("", "\r\n"), ("a preamble\r\n", "an epilogue"), ("\r\n", "")])
        {
            byte[] body = Body(before, contents, after);
            foreach (int piece in (int[])[1, 7, 4096, 100_000])
            {
                Assert.Equal(contents.Select((content, number) => ($"form-data; name=\"{number}\"", content)), await ReadAsync(body, piece, skip: false));
            }

            Assert.Equal(contents.Length, (await ReadAsync(body, 4096, skip: true)).Count);
        }
    }

    [Fact]
    public async Task Malformed_bodies_are_refused()
    {
        string whole = Encoding.UTF8.GetString(Body("", ["one", "two"], ""));
        string[] wrong =
        [
            "", "no boundary", "--B", $"--{Boundary}", $"--{Boundary}\r\n", $"--{Boundary} more\r\n\r\n\r\n--{Boundary}--", $"--{Boundary}\r\nno colon\r\n\r\n\r\n--{Boundary}--",
            $"--{Boundary}\r\na: {new string('b', 9000)}\r\n\r\n\r\n--{Boundary}--", $"--{Boundary}\r\n{string.Concat(Enumerable.Repeat("a: b\r\n", 17))}\r\n\r\n--{Boundary}--", whole + new string(' ', 9000),
        ];
        foreach (string body in (string[])[.. wrong, .. Enumerable.Range(0, whole.Length - 1).Select(length => whole[..length])])
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(Encoding.UTF8.GetBytes(body), 50, skip: body.Length % 2 == 0));
        }
    }

    private static byte[] Body(string before, string[] contents, string after)
    {
        var body = new StringBuilder(before);
        foreach ((int number, string content) in contents.Index())
        {
            body.Append($"--{Boundary}{(number % 2 == 0 ? "" : " \t")}\r\ncontent-disposition: form-data; name=\"{number}\"\r\nX-Other: 1\r\n\r\n{content}\r\n");
        }

        return Encoding.UTF8.GetBytes(body.Append($"--{Boundary}--{after}").ToString());
    }

    private static async Task<List<(string Disposition, string Content)>> ReadAsync(byte[] bytes, int piece, bool skip)
    {
        using var body = new MultipartBody(new Pieces(bytes, piece), Boundary);
        var parts = new List<(string, string)>();
        while (await body.NextAsync(Cancellation) is { } disposition)
        {
            using var content = new MemoryStream();
            byte[] block = new byte[100];
            for (int read; !skip && (read = await body.Content.ReadAsync(block, Cancellation)) > 0;)
            {
                content.Write(block, 0, read);
            }

            parts.Add((disposition, Encoding.UTF8.GetString(content.ToArray())));
        }

        return parts;
    }
}
