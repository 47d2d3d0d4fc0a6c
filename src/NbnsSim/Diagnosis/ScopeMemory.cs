using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <summary>Reads names, and makes no new scope of octets that it made one of a short while ago: networks have few.</summary>
internal sealed class ScopeMemory
{
    private const int Size = 8;

    private readonly NetBiosScope?[] _scopes = new NetBiosScope?[Size];
    private int _next;

    /// <summary>The name with its scope.</summary>
    /// <param name="view">Where it stands.</param>
    /// <param name="name">The name, or default.</param>
    /// <returns>False when the first label is not 32 letters 'A' to 'P'.</returns>
    public bool TryGetName(in NbnsNameView view, out NetBiosName name)
    {
        if (!view.TryGetOctets(out ulong high, out ulong low))
        {
            name = default;
            return false;
        }

        name = new NetBiosName(high, low, view.HasScope ? ScopeOf(view) : null);
        return true;
    }

    private NetBiosScope ScopeOf(in NbnsNameView view)
    {
        foreach (var known in _scopes)
        {
            if (known is not null && view.ScopeIs(known))
                return known;
        }

        var scope = view.GetScope();
        _scopes[_next] = scope;
        _next = (_next + 1) % Size;
        return scope;
    }
}
