using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NbnsSim.Mutation;

/// <summary>
/// The switch in the mutated core: which mutant is on, and which ones the code came by. Stryker's own asks the environment and searches a list
/// each time that the code comes by a mutant; <see cref="Simplify"/> puts a field and an array in its place.
/// </summary>
internal sealed class MutantSwitch
{
    /// <summary>The name of the class that Stryker adds, in a namespace of a new name each time.</summary>
    public const string ControlType = "MutantControl";

    /// <summary>No mutant.</summary>
    public const int Off = -1;

    private const byte Seen = 1;
    private const byte SeenInStatic = 2;
    private readonly FieldInfo _active;
    private readonly FieldInfo _watching;
    private readonly byte[] _seen;

    /// <summary>Takes hold of the switch of a loaded core.</summary>
    public MutantSwitch(Assembly core, int mutants)
    {
        var control = core.GetTypes().Single(type => type.Name == ControlType);
        _active = control.GetField("ActiveMutant")!;
        _watching = control.GetField("Watching")!;
        _seen = new byte[mutants];
        control.GetField("Seen")!.SetValue(null, _seen);
        Set(Off);
    }

    /// <summary>Turns a mutant on, and whichever was on off.</summary>
    public void Set(int mutant) => _active.SetValue(null, mutant);

    /// <summary>Whether it remembers what the code comes by.</summary>
    public void Watch(bool on) => _watching.SetValue(null, on);

    /// <summary>The mutants that the code came by since the last call, and whether that was while a type was being initialized.</summary>
    public List<(int Mutant, bool InStatic)> Take()
    {
        var taken = new List<(int, bool)>();
        for (int at = 0; at < _seen.Length; at++)
        {
            int next = _seen.AsSpan(at).IndexOfAnyExcept((byte)0);
            if (next < 0)
                break;
            at += next;
            taken.Add((at, (_seen[at] & SeenInStatic) != 0));
            _seen[at] = 0;
        }

        return taken;
    }

    /// <summary>Rewrites the switch of the core at <paramref name="from"/> and writes the result to <paramref name="to"/>.</summary>
    public static void Simplify(string from, string to)
    {
        using var module = ModuleDefinition.ReadModule(from);
        var control = module.Types.Single(type => type.Name == ControlType);
        var inStatic = module.Types.Single(type => type.Name == "MutantContext").Methods.Single(method => method.Name == "InStatic");
        var isActive = control.Methods.Single(method => method.Name == "IsActive");
        var active = control.Fields.Single(field => field.Name == "ActiveMutant");
        var seen = new FieldDefinition("Seen", Mono.Cecil.FieldAttributes.Public | Mono.Cecil.FieldAttributes.Static, new ArrayType(module.TypeSystem.Byte));
        var watching = new FieldDefinition("Watching", Mono.Cecil.FieldAttributes.Public | Mono.Cecil.FieldAttributes.Static, module.TypeSystem.Boolean);
        control.Fields.Add(seen);
        control.Fields.Add(watching);
        control.Methods.Remove(control.Methods.Single(method => method.Name == ".cctor"));

        // if (Watching) Seen[id] |= 1 + (InStatic() ? 1 : 0);
        // return id == ActiveMutant;
        isActive.Body = new Mono.Cecil.Cil.MethodBody(isActive);
        var il = isActive.Body.GetILProcessor();
        var answer = il.Create(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldsfld, watching);
        il.Emit(OpCodes.Brfalse, answer);
        il.Emit(OpCodes.Ldsfld, seen);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldelema, module.TypeSystem.Byte);
        il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Ldind_U1);
        il.Emit(OpCodes.Ldc_I4, (int)Seen);
        il.Emit(OpCodes.Call, inStatic);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Or);
        il.Emit(OpCodes.Conv_U1);
        il.Emit(OpCodes.Stind_I1);
        il.Append(answer);
        il.Emit(OpCodes.Ldsfld, active);
        il.Emit(OpCodes.Ceq);
        il.Emit(OpCodes.Ret);
        module.Write(to);
    }
}
