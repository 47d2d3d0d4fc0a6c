using System.Runtime.CompilerServices;
using NbnsSim.Captures;

namespace NbnsSim.Reports;

/// <summary>What datagrams were carried in, in words: <c>VLAN 12; VXLAN 5000 from 192.0.2.1 to 192.0.2.2</c>.</summary>
internal static class CarrierText
{
    /// <summary>Whether carriers of a kind have an identifier, as <see cref="CarrierKind"/> says.</summary>
    public static bool HasId(CarrierKind kind) => kind is not (CarrierKind.Wireless or CarrierKind.Ip or CarrierKind.EtherIp or CarrierKind.Tzsp);

    /// <summary>Whether it is a tunnel between IPv6 addresses.</summary>
    public static bool IsOverIpv6(in Carrier carrier) => carrier.SourceIpv6 != default || carrier.DestinationIpv6 != default;

    /// <summary>Whether it is a tunnel between IPv4 addresses.</summary>
    public static bool IsOverIpv4(in Carrier carrier) => carrier.Source != default || carrier.Destination != default;

    /// <summary>Appends them in brackets, outermost first; nothing where there are none.</summary>
    public static void Append(ref DefaultInterpolatedStringHandler line, ReadOnlySpan<Carrier> carriers)
    {
        for (int i = 0; i < carriers.Length; i++)
        {
            line.AppendLiteral(i == 0 ? "  [" : "; ");
            Append(ref line, carriers[i]);
        }

        if (!carriers.IsEmpty)
            line.AppendLiteral("]");
    }

    private static void Append(ref DefaultInterpolatedStringHandler line, in Carrier carrier)
    {
        line.AppendLiteral(Word(carrier.Kind));
        if (HasId(carrier.Kind) && (carrier.Id > 0 || carrier.Kind is not (CarrierKind.Gre or CarrierKind.Erspan))) // theirs is 0 where there is none
        {
            line.AppendLiteral(" ");
            line.AppendFormatted(carrier.Id);
        }

        if (carrier is { Kind: not CarrierKind.Vlan, VlanId: { } vlan })
        {
            line.AppendLiteral(" of VLAN ");
            line.AppendFormatted(vlan);
        }

        if (IsOverIpv6(carrier))
            AppendEnds(ref line, carrier.SourceIpv6, carrier.DestinationIpv6);
        else if (IsOverIpv4(carrier))
            AppendEnds(ref line, carrier.Source, carrier.Destination);
    }

    private static void AppendEnds<T>(ref DefaultInterpolatedStringHandler line, T source, T destination)
    {
        line.AppendLiteral(" from ");
        line.AppendFormatted(source);
        line.AppendLiteral(" to ");
        line.AppendFormatted(destination);
    }

    private static string Word(CarrierKind kind) => kind switch
    {
        CarrierKind.Vlan => "VLAN",
        CarrierKind.BackboneBridge => "I-SID",
        CarrierKind.Mpls => "MPLS",
        CarrierKind.Pppoe => "PPPoE",
        CarrierKind.Wireless => "802.11",
        CarrierKind.Ip => "IP in IP",
        CarrierKind.Gre => "GRE",
        CarrierKind.Erspan => "ERSPAN",
        CarrierKind.Vxlan => "VXLAN",
        CarrierKind.Geneve => "GENEVE",
        CarrierKind.L2tp => "L2TP",
        CarrierKind.Tzsp => "TZSP",
        _ => "EtherIP",
    };
}
