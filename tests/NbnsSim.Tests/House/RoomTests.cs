using System.Globalization;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NbnsSim.Tests.House;

/// <summary>Who may know whom: the rooms of the core library, read from its compiled code.</summary>
public sealed class RoomTests
{
    private const string Root = "";
    private const string RandomKey = "System.Guid.NewGuid";

    /// <summary>Each room with the rooms that it may know; every room may know the root.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        [Root] = [],
        ["Names"] = [],
        ["Rules"] = ["Names"],
        ["Events"] = ["Names", "Rules"],
        ["Wire"] = ["Names"],
        ["Messages"] = ["Names", "Wire"],
        ["Protocol"] = ["Names", "Wire", "Messages", "Rules", "Events"],
        ["Nodes"] = ["Names", "Wire", "Messages", "Rules", "Events", "Protocol"],
        ["NameServers"] = ["Names", "Wire", "Messages", "Rules", "Events", "Protocol"],
        ["Captures"] = [],
        ["Simulation"] = ["Names", "Wire", "Messages", "Rules", "Events", "Protocol", "Captures"],
        ["Narrative"] = ["Names", "Rules", "Events", "Protocol"],
        ["Diagnosis"] = ["Names", "Wire", "Messages", "Rules", "Events", "Protocol", "Nodes", "Captures", "Narrative"],
        ["Audit"] = ["Names", "Wire", "Messages", "Rules", "Captures", "Diagnosis"],
        ["Replay"] = ["Names", "Wire", "Messages", "Rules", "Events", "Protocol", "Nodes", "Captures", "Diagnosis", "Narrative"],
        ["Checking"] = ["Names", "Wire", "Messages", "Rules", "Events", "Protocol", "Nodes", "NameServers", "Simulation", "Scenarios"],
        ["Comparing"] = ["Names", "Wire", "Rules", "Events", "Protocol", "Nodes", "NameServers", "Simulation", "Narrative", "Scenarios", "Checking"],
        ["Playing"] = ["Names", "Wire", "Messages", "Rules", "Events", "Protocol", "Nodes", "NameServers", "Simulation", "Narrative", "Scenarios"],
        ["Learning"] = ["Names", "Wire", "Messages", "Rules", "Events", "Protocol", "Nodes", "NameServers", "Simulation", "Narrative", "Scenarios", "Checking", "Comparing", "Playing"],
        ["Scenarios"] = ["Names", "Wire", "Messages", "Rules", "Events", "Protocol", "Nodes", "NameServers", "Captures", "Simulation", "Narrative"],
        ["Twins"] = ["Names", "Wire", "Messages", "Rules", "Events", "Protocol", "Nodes", "NameServers", "Captures", "Simulation", "Narrative", "Diagnosis", "Replay", "Scenarios"],
    };

    private readonly ModuleDefinition _core = ModuleDefinition.ReadModule(typeof(Instant).Assembly.Location);

    [OneTimeTearDown]
    public void CloseModule() => _core.Dispose();

    [Test]
    public void EveryRoomKnowsOnlyTheRoomsItMay()
    {
        var offences = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in _core.GetTypes())
        {
            string? room = RoomOf(type);
            if (room is null)
                continue;
            Assert.That(Allowed, Contains.Key(room), $"{type.FullName} opens a room that the house has no rule for");
            foreach (var used in UsedTypes(type))
            {
                string? other = RoomOf(used);
                if (other is not null and not Root && other != room && !Allowed[room].Contains(other, StringComparer.Ordinal))
                    offences.Add($"{room} must not know {other}: {type.FullName} uses {used.FullName}");
            }
        }

        Assert.That(offences, Is.Empty);
    }

    /// <summary>The picture of rooms in <c>src/ARCHITECTURE.md</c>. Run with NBNSSIM_RECORD=1 to write it anew.</summary>
    [Test]
    public void ThePictureOfTheHouseIsTrue()
    {
        const string begin = "<!-- rooms: begin -->\n";
        const string end = "<!-- rooms: end -->";
        string file = Path.Combine(Repository.Root, "src", "ARCHITECTURE.md");
        string text = File.ReadAllText(file);
        var picture = new StringBuilder("```mermaid\nflowchart TD\n");
        foreach (string room in Allowed.Keys.Where(room => room != Root).Order(StringComparer.Ordinal))
        {
            foreach (string other in Allowed[room].Where(other => !Allowed[room].Any(between => Allowed[between].Contains(other, StringComparer.Ordinal))))
                picture.Append(CultureInfo.InvariantCulture, $"    {room} --> {other}\n");
            if (Allowed[room].Length == 0 && !Allowed.Values.Any(known => known.Contains(room, StringComparer.Ordinal)))
                picture.Append(CultureInfo.InvariantCulture, $"    {room}\n");
            Assert.That(text, Does.Contain($"\n| {room} | "), "every room has a row");
        }

        picture.Append("```\n");
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        string expected = text[..from] + picture + text[text.IndexOf(end, StringComparison.Ordinal)..];
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, text = expected);
        Assert.That(text, Is.EqualTo(expected), "run the tests with NBNSSIM_RECORD=1 to write it anew");
    }

    [Test]
    public void EveryProjectHasARowInTheArchitecture([ValueSource(nameof(Projects))] string project) =>
        Assert.That(File.ReadAllText(Path.Combine(Repository.Root, "src", "ARCHITECTURE.md")), Does.Contain($"| `{project}` | "));

    private static IEnumerable<string> Projects() => Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    [Test]
    public void TheCoreUsesNothingThatIsBanned()
    {
        var banned = File.ReadLines(Path.Combine(Repository.Root, "src", "NbnsSim", "BannedSymbols.txt"))
            .Select(line => line.Split(';')[0])
            .Where(line => line.Length > 2)
            .Select(line => (Kind: line[0], Name: line[2..]))
            .ToArray();
        Assert.That(banned, Is.Not.Empty);

        var members = _core.GetMemberReferences().Select(member => $"{member.DeclaringType.FullName}.{member.Name}").Except([RandomKey], StringComparer.Ordinal).ToArray();
        var types = _core.GetTypeReferences().ToArray();
        var offences = banned.Where(symbol => symbol.Kind switch
        {
            'T' => types.Any(type => type.FullName == symbol.Name),
            'N' => types.Any(type => type.Namespace == symbol.Name),
            'P' => members.Contains(symbol.Name.Insert(symbol.Name.LastIndexOf('.') + 1, "get_"), StringComparer.Ordinal),
            _ => members.Contains(symbol.Name, StringComparer.Ordinal),
        });

        Assert.That(offences, Is.Empty);
    }

    [Test]
    public void OnlyTheKeyOfHashesIsDrawnFromTheSystem()
    {
        var users = _core.GetTypes()
            .Where(type => type.Methods.Any(method => method.HasBody && method.Body.Instructions.Any(
                instruction => instruction.Operand is MethodReference called && $"{called.DeclaringType.FullName}.{called.Name}" == RandomKey)))
            .Select(type => type.FullName);

        Assert.That(users, Is.EqualTo(new[] { typeof(KeyedHash).FullName }));
    }

    [Test]
    public void TheCoreDependsOnTheFrameworkAlone()
    {
        Assert.That(_core.AssemblyReferences.Select(reference => reference.Name), Is.All.StartsWith("System."));
    }

    /// <summary>The part of the namespace behind "NbnsSim.", or null for what is not ours.</summary>
    private string? RoomOf(TypeReference type)
    {
        while (type.DeclaringType is not null)
            type = type.DeclaringType;
        if (type.Scope is not null && type.Scope != _core && type is not TypeDefinition)
            return null;
        string[] parts = type.Namespace.Split('.');
        return parts[0] != "NbnsSim" ? null : parts.Length == 1 ? Root : parts[1];
    }

    private static IEnumerable<TypeReference> UsedTypes(TypeDefinition type)
    {
        var direct = new List<TypeReference?> { type.BaseType };
        direct.AddRange(type.Interfaces.Select(implemented => implemented.InterfaceType));
        direct.AddRange(type.Fields.Select(field => field.FieldType));
        foreach (var method in type.Methods)
        {
            direct.Add(method.ReturnType);
            direct.AddRange(method.Parameters.Select(parameter => parameter.ParameterType));
            if (!method.HasBody)
                continue;
            direct.AddRange(method.Body.Variables.Select(variable => variable.VariableType));
            foreach (Instruction instruction in method.Body.Instructions)
            {
                switch (instruction.Operand)
                {
                    case MethodReference called:
                        direct.Add(called.DeclaringType);
                        direct.Add(called.ReturnType);
                        break;
                    case FieldReference field:
                        direct.Add(field.DeclaringType);
                        direct.Add(field.FieldType);
                        break;
                    case TypeReference named:
                        direct.Add(named);
                        break;
                }
            }
        }

        return direct.OfType<TypeReference>().SelectMany(Unwrap);
    }

    private static IEnumerable<TypeReference> Unwrap(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Unwrap).Append(generic.ElementType),
        TypeSpecification wrapper => Unwrap(wrapper.ElementType),
        _ => [type],
    };
}
