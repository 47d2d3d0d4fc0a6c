using Mono.Cecil;
using Mono.Cecil.Cil;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.House;

/// <summary>
/// Whether states have everything, read from the compiled code: each field that can change, of all that a simulation, a machine or a run consists of, is carried by
/// <see cref="StateCodec"/>, or says why it is not (<see cref="NotStateAttribute"/>).
/// </summary>
public sealed class StateCoverageTests
{
    private readonly HashSet<MethodDefinition> _noted = [];
    private readonly ModuleDefinition _core = ModuleDefinition.ReadModule(typeof(Instant).Assembly.Location);

    [OneTimeTearDown]
    public void CloseModule() => _core.Dispose();

    [TestCase(typeof(Simulator), 30)]
    [TestCase(typeof(EndNode), 25)]
    [TestCase(typeof(NameServer), 40)]
    [TestCase(typeof(CompositeEndpoint), 3)]
    [TestCase(typeof(ScenarioRun), 40)]
    public void EveryFieldThatCanChangeIsCarried(Type root, int least)
    {
        var carried = CarriedFields();
        var seen = new HashSet<TypeDefinition>();
        var waiting = new Queue<TypeDefinition>([_core.GetType(root.FullName)]);
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        int fields = 0;
        while (waiting.TryDequeue(out var type))
        {
            if (!seen.Add(type) || IsNotState(type))
                continue;
            foreach (var field in type.Fields.Where(field => !field.IsStatic && !IsNotState(type, field)))
            {
                if (CanChange(field))
                {
                    fields++;
                    if (!carried.Contains(field.FullName))
                        missing.Add($"{type.FullName}.{field.Name}");
                }

                foreach (var part in Unwrap(field.FieldType).Select(part => part.Resolve()).Where(part => part is not null && part.Module == _core && !part.IsEnum))
                    waiting.Enqueue(part);
            }
        }

        Assert.That(missing, Is.Empty, string.Join('\n', missing));
        Assert.That(fields, Is.GreaterThanOrEqualTo(least), "the fields were found");
    }

    [Test]
    public void AFieldThatIsForgottenIsFound()
    {
        var carried = CarriedFields();
        Assert.That(carried, Contains.Item(Named("NbnsSim.Nodes.NodeTransaction", "Deadline")));
        Assert.That(carried, Does.Not.Contain(Named("NbnsSim.Nodes.NodeTransaction", "IsOpen")), "it is set where transactions are read, but not carried");
    }

    private string Named(string type, string field) => _core.GetType(type).Fields.Single(one => one.Name == field).FullName;

    /// <summary>The fields that methods with a codec touch, in themselves or by a property.</summary>
    private HashSet<string> CarriedFields()
    {
        var fields = new HashSet<string>(StringComparer.Ordinal);
        _noted.Clear();
        Note(_core.GetType(typeof(RandomStream).FullName).Properties.Single(property => property.Name == "State").GetMethod, fields); // which the codec carries
        foreach (var type in _core.GetTypes().Where(type => type.Name is not (nameof(StateCodec) or "IdOrder")))
        {
            foreach (var method in type.Methods.Where(method => method.HasBody && TakesCodec(method)))
                Note(method, fields);
        }

        return fields;
    }

    private static bool TakesCodec(MethodDefinition method) =>
        method.Parameters.Any(parameter => parameter.ParameterType.Name is nameof(StateCodec) or "SimulationCodec");

    private void Note(MethodDefinition method, HashSet<string> fields)
    {
        if (!_noted.Add(method))
            return;
        foreach (Instruction instruction in method.Body.Instructions)
        {
            if (instruction.Operand is FieldReference && instruction.OpCode.Code is Code.Ldfld or Code.Ldflda)
                fields.Add(((FieldReference)instruction.Operand).Resolve()?.FullName ?? "");
            else if (instruction.Operand is MethodReference called && called.Resolve() is { HasBody: true } found && found.Module == _core
                && (found.IsGetter || (found.DeclaringType == method.DeclaringType && !found.IsConstructor)))
                Note(found, fields);
        }
    }

    /// <summary>Whether what a field holds can be another thing tomorrow: it can be assigned, or it holds an array or a collection that can.</summary>
    private static bool CanChange(FieldDefinition field) => (!field.IsInitOnly && !field.Name.EndsWith(">P", StringComparison.Ordinal)) || field.FieldType is ArrayType
        || (field.FieldType is GenericInstanceType generic && generic.Namespace == "System.Collections.Generic");

    private static bool IsNotState(TypeDefinition type) => type.CustomAttributes.Any(attribute => attribute.AttributeType.Name == nameof(NotStateAttribute));

    private static bool IsNotState(TypeDefinition type, FieldDefinition field) =>
        field.CustomAttributes.Concat(type.Properties.Where(property => field.Name == $"<{property.Name}>k__BackingField").SelectMany(property => property.CustomAttributes))
            .Any(attribute => attribute.AttributeType.Name == nameof(NotStateAttribute));

    private static IEnumerable<TypeReference> Unwrap(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Unwrap).Append(generic.ElementType),
        TypeSpecification wrapper => Unwrap(wrapper.ElementType),
        _ => [type],
    };
}
