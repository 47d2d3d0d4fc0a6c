namespace NbnsSim.Protocol;

/// <summary>
/// Whether a system looks for names by NetBIOS at all: the registry value <c>EnableNetbios</c> below <c>HKLM\SYSTEM\CurrentControlSet\Services\Dnscache\Parameters</c>, and the
/// policy "Configure NetBIOS settings" of Windows 10 and later. The numbers are the registry's. Source: Microsoft's networking blog, 22 April 2022, and the text of the policy.
/// </summary>
public enum NameResolutionPolicy : byte
{
    /// <summary>Never: no query leaves the machine.</summary>
    Disabled = 0,

    /// <summary>Always, as every Windows before it did.</summary>
    Allowed = 1,

    /// <summary>On no network that Windows takes for a public one: see <c>EndNodeOptions.IsOnPublicNetwork</c>.</summary>
    DisabledOnPublicNetworks = 2,

    /// <summary>Only when the queries of mDNS and LLMNR have failed, <see cref="NetBtTiming.LearningModeWait"/> later.</summary>
    LearningMode = 3,
}
