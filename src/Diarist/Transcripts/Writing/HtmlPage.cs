using System.Globalization;
using System.Net;

namespace Diarist.Transcripts.Writing;

/// <summary>A transcript as one HTML page: a click on a line plays it, and the line that plays is marked. Needs no network.</summary>
internal static class HtmlPage
{
    private const string Style = """
        body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}
        audio{position:sticky;top:0;width:100%;background:#fff}
        p{margin:.8rem 0}b{margin-right:.4rem}time{color:#555;margin-right:.4rem}
        span[data-start]{cursor:pointer}span.now{background:#ffe58a;color:#1a1a1a}
        @media(prefers-color-scheme:dark){body,audio{background:#16181c;color:#e8e8e8}time{color:#a8a8a8}}
        """;

    private const string Script = """
        const audio=document.querySelector("audio"),lines=[...document.querySelectorAll("span[data-start]")];
        for(const line of lines){const play=()=>{audio.currentTime=+line.dataset.start;audio.play()};
        line.addEventListener("click",play);line.addEventListener("keydown",event=>{if(event.key==="Enter")play()});}
        audio.addEventListener("timeupdate",()=>{for(const line of lines)
        line.classList.toggle("now",audio.currentTime>=+line.dataset.start&&audio.currentTime<+line.dataset.end)});
        """;

    public static void Write(TextWriter writer, IReadOnlyList<Paragraph> paragraphs, string title, string? audio)
    {
        writer.Write($"<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{Encode(title)}</title>\n<style>\n{Style.ReplaceLineEndings("\n")}\n</style>\n</head>\n<body>\n<h1>{Encode(title)}</h1>\n");
        if (audio is not null)
        {
            writer.Write($"<audio controls preload=\"metadata\" src=\"{WebUtility.HtmlEncode(Address(audio))}\"></audio>\n");
        }

        foreach (Paragraph paragraph in paragraphs)
        {
            string speaker = paragraph.Speaker is { } name ? $"<b>{Encode(name)}</b>" : "";
            writer.Write($"<p><time>{TranscriptWriter.Clock(paragraph.Start)}</time>{speaker}");
            foreach (SpeakerLine line in paragraph.Lines)
            {
                string key = audio is null ? "" : " tabindex=\"0\"";
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"<span data-start=\"{line.Range.Start:0.000}\" data-end=\"{line.Range.End:0.000}\"{key}>{Encode(line.Text)}</span> "));
            }

            writer.Write("</p>\n");
        }

        writer.Write(audio is null ? "</body>\n</html>\n" : $"<script>\n{Script.ReplaceLineEndings("\n")}\n</script>\n</body>\n</html>\n");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(Paragraph.Plain(text));

    // Every piece of the path is escaped, so that no name can be read as a scheme, a query or a fragment.
    private static string Address(string path) =>
        (Path.IsPathRooted(path) ? "file://" : "./") + string.Join('/', path.Replace(Path.DirectorySeparatorChar, '/').Split('/').Select(Uri.EscapeDataString));
}
