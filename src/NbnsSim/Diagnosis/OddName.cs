using NbnsSim.Names;

namespace NbnsSim.Diagnosis;

/// <summary>Names that nobody would give: RFC 1001 §14.1 pads a name with blanks, and an administrator can read it.</summary>
internal static class OddName
{
    private const ulong InternetService = 0x4953_7E00_0000_0000; // IIS pads IS~NAME with zeros (observed), and nobody asks for it otherwise

    /// <summary>Whether there is nothing in a name but blanks and control characters.</summary>
    public static bool IsBlank(in NetBiosName name) => !name.IsWildcard && name.Suffix != NameSuffix.Browser && IsUnreadable(name.High, 8) && IsUnreadable(name.Low, 7);

    /// <summary>Whether a name is padded with zeros.</summary>
    public static bool IsPaddedWithZeros(in NetBiosName name) =>
        (name.Low >> 8 & 0xFF) == 0 && !name.IsWildcard && (name.High & 0xFFFF_FF00_0000_0000) != InternetService;

    /// <summary>The same name padded with blanks.</summary>
    public static NetBiosName WithBlanks(in NetBiosName name)
    {
        Span<byte> octets = stackalloc byte[NetBiosName.Size];
        name.CopyTo(octets);
        for (int i = NetBiosName.BaseSize - 1; i >= 0 && octets[i] == 0; i--)
            octets[i] = (byte)' ';
        return new NetBiosName(octets, name.Scope);
    }

    private static bool IsUnreadable(ulong octets, int count)
    {
        for (int i = 0; i < count; i++, octets <<= 8)
        {
            if ((byte)(octets >> 56) is > (byte)' ' and not 0x7F)
                return false;
        }

        return true;
    }
}
