using System.Globalization;

namespace Diarist.Accuracy.Sets;

/// <summary>The conversations of a half of the speakers.</summary>
internal static class SetPlans
{
    private static readonly int[] DensePeople = [2, 2, 3, 4, 5, 6];

    // The last of them takes one or two turns in two minutes.
    private static readonly double[][] BriefShares = [[95, 5], [60, 35, 5], [50, 45, 5], [40, 30, 25, 5]];

    /// <summary>All of them, in order; a name says the set, people, and channel.</summary>
    public static IEnumerable<SetPlan> All()
    {
        int[] numbers = [1, 2, 3, 4, 6];
        foreach (int people in numbers)
        {
            foreach (string channel in (string[])["wb0", "wb1", "tel0"])
            {
                yield return Plan("d01", people, 60, channel);
            }
        }

        foreach (int people in numbers)
        {
            foreach (string channel in (string[])["wb0", "tel0"])
            {
                yield return Plan("d03", people, 180, channel);
                yield return Plan("o03", people, 180, channel) with { OneSession = true };
            }
        }

        foreach (int people in numbers)
        {
            yield return Plan("d10", people, 600, people % 2 == 0 ? "tel0" : "wb0");
        }

        yield return Plan("h10", 8, 600, "wb0");
        yield return Plan("h30", 1, 1800, "wb0");
        yield return Plan("h30", 2, 1800, "tel0");
        yield return Plan("h60", 4, 3600, "wb0");
        yield return new SetPlan("t05_k2_0", [97, 3], 300);
        yield return new SetPlan("t05_k3_1", [60, 36, 4], 300) { Telephone = true };
        yield return new SetPlan("t10_k2_2", [98, 2], 600) { Telephone = true };
        yield return new SetPlan("t20_k5_3", [50, 45, 3, 1, 1], 1200);
        for (int number = 0; number < 24; number++)
        {
            yield return new SetPlan(Name("cnv", number), DensePeople[number % 6], 90)
            {
                Readers = false,
                Turns = number % 3 == 1 ? (0.4, 8) : (0.7, 8),
                Interrupting = 0.4 + (0.1 * (number % 5)),
                Rooms = number % 3 == 0,
                Telephone = number % 4 == 1,
                Bed = number % 2 == 0 ? Bed.Noise : Bed.Room,
                BedDb = (15, 35),
            };
        }

        for (int number = 0; number < 8; number++)
        {
            yield return new SetPlan(Name("tp", number), 2, 180) { OneSession = true, Telephone = true, Backchannels = 6, Turns = (0.6, 8) };
            yield return new SetPlan(Name("bed", number), 1 + (number % 4), 120) { Bed = number % 2 == 0 ? Bed.Music : Bed.Noise, BedDb = (5, 20) };
        }

        for (int number = 0; number < 12; number++)
        {
            yield return new SetPlan(Name("s020", number), 1 + (number % 3), 20) { OneSession = true, Telephone = number % 4 == 3, Readers = number % 2 == 0 };
            yield return new SetPlan(Name("one", number), 1, new double[] { 20, 60, 200 }[number % 3])
            {
                OneSession = true,
                Telephone = number % 3 == 1,
                Bed = new[] { Bed.Room, Bed.Noise, Bed.Music, Bed.Room }[number % 4],
                BedDb = (8, 20),
            };
        }

        // A plan's place decides its draws, so that what is added stands at the end.
        foreach (int people in numbers)
        {
            yield return Plan("d10", people, 600, people % 2 == 0 ? "wb0" : "tel0");
            yield return Plan("o10", people, 600, people % 2 == 0 ? "wb0" : "tel0") with { OneSession = true };
        }

        for (int number = 0; number < 16; number++)
        {
            yield return new SetPlan(Name("t02", number), BriefShares[number % 4], 120) { Telephone = number % 3 == 1 };
        }
    }

    private static SetPlan Plan(string set, int people, double seconds, string channel) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{set}_k{people}_{channel}"), people, seconds) { Telephone = channel.StartsWith("tel", StringComparison.Ordinal) };

    private static string Name(string set, int number) => string.Create(CultureInfo.InvariantCulture, $"{set}_{number:00}");
}
