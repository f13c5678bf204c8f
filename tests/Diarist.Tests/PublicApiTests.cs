using System.Reflection;
using System.Text;
using Diarist.Tests.Support;

namespace Diarist.Tests;

/// <summary>Every change of the public surface shows in a golden file. To accept one: DIARIST_ACCEPT=1 ./test.sh</summary>
public class PublicApiTests
{
    private const string Golden = "tests/Diarist.Tests/Golden/PublicApi.txt";

    [Fact]
    public void The_public_surface_is_that_of_the_golden_file()
    {
        var text = new StringBuilder();
        foreach (Type type in typeof(Diarizer).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append('\n');
            foreach (string member in Members(type).Distinct().Order(StringComparer.Ordinal))
            {
                text.Append("  ").Append(member).Append('\n');
            }
        }

        string path = Shared.InRepository(Golden);
        if (Environment.GetEnvironmentVariable("DIARIST_ACCEPT") == "1")
        {
            File.WriteAllText(path, text.ToString());
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text.ToString());
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags flags = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (MemberInfo member in type.GetMembers(flags))
        {
            bool visible = member switch
            {
                FieldInfo field => field.IsPublic || field.IsFamily,
                MethodInfo { IsSpecialName: true } method => method.Name.StartsWith("op_", StringComparison.Ordinal),
                MethodInfo method => (method.IsPublic || method.IsFamily) && !IsOfRecords(method),
                ConstructorInfo constructor => constructor.IsPublic || constructor.IsFamily,
                PropertyInfo property => property.GetAccessors().Length > 0,
                EventInfo => true,
                _ => false,
            };
            if (visible)
            {
                yield return member.ToString()!;
            }
        }
    }

    // What the compiler writes for every record says nothing.
    private static bool IsOfRecords(MethodInfo method) =>
        method.Name is "<Clone>$" or "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "PrintMembers" or "op_Equality" or "op_Inequality";
}
