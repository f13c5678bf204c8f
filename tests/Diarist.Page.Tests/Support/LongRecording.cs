using System.Text.Json;

namespace Diarist.Page.Tests.Support;

/// <summary>Ten hours of six people that nobody recorded: their session and peaks are answered in the browser, in place of the server.</summary>
internal static class LongRecording
{
    /// <summary>Its identifier.</summary>
    public const string Id = "00000000000000000000000000000010";

    private const double Seconds = 36_000;
    private const int Speakers = 6;
    private static readonly string[] Vocabulary = "the of and to in that it is was for on as with they at be this have from or had by not but what all were when we there can an your which their said if do will each".Split(' ');
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly Lazy<string> Answer = new(Session);

    /// <summary>The number of its turns, once it was answered for.</summary>
    public static int Turns { get; private set; }

    /// <summary>Answers for it in a page.</summary>
    public static async Task AnswerAsync(IPage page)
    {
        string session = Answer.Value;
        await page.RouteAsync($"**/api/recordings/{Id}", route => FulfillAsync(route, JsonSerializer.Serialize(new { id = Id, name = "ten hours.flac", size = 1, offset = 1, seconds = Seconds, state = "done", created = "2026-01-01T00:00:00Z", speakers = Speakers, warnings = Array.Empty<string>(), hasWords = true }, Json)));
        await page.RouteAsync($"**/api/recordings/{Id}/session", route => FulfillAsync(route, session));
        await page.RouteAsync($"**/api/recordings/{Id}/peaks*", route => FulfillAsync(route, Peaks()));
        await page.RouteAsync($"**/api/recordings/{Id}/audio", route => route.FulfillAsync(new RouteFulfillOptions { Path = Repository.Sample, ContentType = "audio/flac" }));
    }

    private static Task FulfillAsync(IRoute route, string json) => route.FulfillAsync(new RouteFulfillOptions { Body = json, ContentType = "application/json" });

    private static string Peaks()
    {
        int[] greatest = [.. Enumerable.Range(0, 1024).Select(column => 20 + (column * 37 % 90))];
        return JsonSerializer.Serialize(new { from = 0, to = 1, min = greatest.Select(value => -value), max = greatest }, Json);
    }

    private static string Session()
    {
        var random = new Random(10);
        var turns = new List<object>();
        var words = new List<object>();
        double[] spoken = new double[Speakers];
        for (double time = 1; time < Seconds - 20;)
        {
            double length = 0.8 + (random.NextDouble() * random.NextDouble() * 15);
            int speaker = random.Next(Speakers);
            string label = $"SPEAKER_{speaker:00}";
            turns.Add(new { id = turns.Count, start = Math.Round(time, 3), end = Math.Round(time + length, 3), speaker = label, confidence = 0.4 + (0.6 * random.NextDouble()), uncertain = random.Next(16) == 0 });
            for (double word = time; word < time + length - 0.3; word += 0.38)
            {
                words.Add(new { start = Math.Round(word, 3), end = Math.Round(word + 0.33, 3), text = Vocabulary[random.Next(Vocabulary.Length)], speaker = label, confidence = 0.4 + (0.6 * random.NextDouble()), uncertain = random.Next(20) == 0 });
            }

            spoken[speaker] += length;
            time += length + (random.Next(7) == 0 ? -0.6 : random.NextDouble() * 1.2);
        }

        Turns = turns.Count;
        return JsonSerializer.Serialize(new
        {
            revision = 0,
            seconds = Seconds,
            speakers = spoken.Select((seconds, speaker) => new { label = $"SPEAKER_{speaker:00}", name = $"SPEAKER_{speaker:00}", seconds, flagged = false }),
            turns,
            words,
            count = new { found = Speakers, certainty = 0.97, runnerUp = 7, uncertain = false },
            canUndo = false,
            canRedo = false,
        }, Json);
    }
}
