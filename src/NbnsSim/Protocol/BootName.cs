using NbnsSim.Names;

namespace NbnsSim.Protocol;

/// <summary>Whose name a <see cref="BootName"/> is made of.</summary>
public enum BootNamePart : byte
{
    /// <summary>The computer's.</summary>
    Computer,

    /// <summary>The workgroup's or domain's; left out where there is none.</summary>
    Workgroup,
}

/// <summary>A name that a machine registers when it starts.</summary>
/// <param name="Part">Whose name it is.</param>
/// <param name="Suffix">Its sixteenth octet.</param>
/// <param name="IsGroup">Whether it is a group name.</param>
/// <param name="Wave">Names of one wave are claimed together; the next wave starts when every claim of this one has ended.</param>
public readonly record struct BootName(BootNamePart Part, NameSuffix Suffix, bool IsGroup, int Wave);
