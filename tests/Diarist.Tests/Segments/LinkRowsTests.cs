using Diarist.Segments;

namespace Diarist.Tests.Segments;

public class LinkRowsTests
{
    [Fact]
    public void Joins_add_up_what_is_said_of_both()
    {
        const int count = 40;
        var random = new Random(3);
        var rows = new LinkRows();
        var expected = new Dictionary<(int, int), LinkSums>();
        for (int group = 0; group < count; group++)
        {
            rows.AddRow(group % 3);
        }

        for (int link = 0; link < 300; link++)
        {
            // Whole numbers: their sums are exact in any order.
            (int left, int right) = (random.Next(count), random.Next(count));
            if (left != right)
            {
                var sums = new LinkSums(random.Next(100), random.Next(-100, 100), random.Next(100));
                rows.Add(left, right, sums);
                expected[(left, right)] = expected.GetValueOrDefault((left, right)) + sums;
                expected[(right, left)] = expected.GetValueOrDefault((right, left)) + sums;
            }
        }

        LinkRows apart = rows.Among(_ => true), even = rows.Among(group => group % 2 == 0);
        for (int left = 0; left < count; left++)
        {
            for (int right = 0; right < count; right++)
            {
                Assert.Equal(left % 2 + (right % 2) == 0 ? expected.GetValueOrDefault((left, right)) : default, even.Of(left, right));
            }
        }

        List<int> alive = [.. Enumerable.Range(0, count)];
        while (alive.Count > 1)
        {
            (int into, int gone) = (alive[0], alive[random.Next(1, alive.Count)]);
            rows.Join(into, gone);
            alive.Remove(gone);
            foreach (int other in alive.Where(other => other != into))
            {
                LinkSums sums = expected.GetValueOrDefault((into, other)) + expected.GetValueOrDefault((gone, other));
                (expected[(into, other)], expected[(other, into)]) = (sums, sums);
                Assert.Equal(sums, rows.Of(into, other));
                Assert.Equal(sums, rows.Of(other, into));
                Assert.DoesNotContain(gone, rows.Linked(other).ToArray());
            }

            Assert.DoesNotContain(gone, rows.Linked(into).ToArray());
            alive.Reverse();
        }

        // A copy is changed apart.
        Assert.True(apart.Linked(0).Length > 0);
        Assert.True(rows.Linked(alive[0]).IsEmpty);
    }
}
