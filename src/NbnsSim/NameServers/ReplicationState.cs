using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>Messages between servers as parts of a state, and what they are made of.</summary>
internal static class ReplicationState
{
    private const int PairSize = sizeof(uint) + sizeof(ulong);

    /// <summary>The kinds of messages; their numbers are the format's.</summary>
    private enum Kind : byte
    {
        AssociationStartRequest,
        AssociationStartResponse,
        AssociationStopRequest,
        AssociationReset,
        OwnerVersionMapRequest,
        OwnerVersionMapResponse,
        NameRecordsRequest,
        NameRecordsResponse,
        UpdateNotification,
        VersionBumpRequest,
    }

    /// <summary>Carries a message.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="message">The message; <see langword="null"/> where one is read.</param>
    public static ReplicationMessage Carry(StateCodec codec, ReplicationMessage? message)
    {
        var kind = message is null ? default : KindOf(message);
        codec.Carry(ref kind, Kind.VersionBumpRequest);
        var (source, destination, association, decision) = (message?.Source ?? default, message?.Destination ?? default, message?.Association ?? 0, message?.Decision ?? 0);
        codec.Carry(ref source);
        codec.Carry(ref destination);
        codec.Carry(ref association);
        codec.CarryCause(ref decision);
        var read = CarryBody(codec, kind, message);
        return message ?? read with { Source = source, Destination = destination, Association = association, Decision = decision };
    }

    /// <summary>Carries how far the records of an owner are known.</summary>
    public static void Carry(StateCodec codec, ref OwnerVersion known)
    {
        (var owner, ulong version) = known;
        codec.Carry(ref owner);
        codec.CarryVersion(ref version);
        known = new OwnerVersion(owner, version);
    }

    /// <summary>Carries how far the records of several owners are known.</summary>
    public static ImmutableArray<OwnerVersion> Carry(StateCodec codec, ImmutableArray<OwnerVersion> map) => codec.Carry(map, PairSize, Carry);

    /// <summary>Carries what came of a pull.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="result">The result; <see langword="null"/> where one is read.</param>
    public static ReplicationResult Carry(StateCodec codec, ReplicationResult? result)
    {
        var from = result ?? new ReplicationResult();
        var (added, replaced, rejected, renewed, notifies) = (from.Added, from.Replaced, from.Rejected, from.Renewed, from.NotifiesPartners);
        var (merged, challenged, verified, lost) = (from.Merged, from.Challenged, from.Verified, from.PartnersLost);
        codec.Carry(ref added);
        codec.Carry(ref replaced);
        codec.Carry(ref rejected);
        codec.Carry(ref renewed);
        codec.Carry(ref notifies);
        codec.Carry(ref merged);
        codec.Carry(ref challenged);
        codec.Carry(ref verified);
        codec.Carry(ref lost);
        var bumps = codec.Carry(from.VersionBumps, NetBiosName.Size, static (StateCodec codec, ref VersionBump bump) =>
        {
            var (name, owner) = bump;
            codec.Carry(ref name);
            codec.Carry(ref owner);
            bump = new VersionBump(name, owner);
        });
        return result ?? new ReplicationResult
        {
            Added = added,
            Replaced = replaced,
            Rejected = rejected,
            Renewed = renewed,
            NotifiesPartners = notifies,
            Merged = merged,
            Challenged = challenged,
            Verified = verified,
            PartnersLost = lost,
            VersionBumps = bumps,
        };
    }

    private static Kind KindOf(ReplicationMessage message) => message switch
    {
        AssociationStartRequest => Kind.AssociationStartRequest,
        AssociationStartResponse => Kind.AssociationStartResponse,
        AssociationStopRequest => Kind.AssociationStopRequest,
        AssociationReset => Kind.AssociationReset,
        OwnerVersionMapRequest => Kind.OwnerVersionMapRequest,
        OwnerVersionMapResponse => Kind.OwnerVersionMapResponse,
        NameRecordsRequest => Kind.NameRecordsRequest,
        NameRecordsResponse => Kind.NameRecordsResponse,
        UpdateNotification => Kind.UpdateNotification,
        VersionBumpRequest => Kind.VersionBumpRequest,
        _ => throw new StateException($"A message of type {message.GetType().Name} cannot be written."),
    };

    private static ReplicationMessage CarryBody(StateCodec codec, Kind kind, ReplicationMessage? message)
    {
        switch (kind)
        {
            case Kind.AssociationStopRequest:
            {
                bool isError = (message as AssociationStopRequest)?.IsError ?? false;
                codec.Carry(ref isError);
                return message ?? new AssociationStopRequest(isError);
            }

            case Kind.OwnerVersionMapResponse:
                return new OwnerVersionMapResponse(Carry(codec, (message as OwnerVersionMapResponse)?.Versions ?? []));
            case Kind.NameRecordsRequest:
            {
                var request = message as NameRecordsRequest;
                var (owner, least, most) = (request?.Owner ?? default, request?.Least ?? 0, request?.Most ?? 0);
                codec.Carry(ref owner);
                codec.CarryVersion(ref least);
                codec.CarryVersion(ref most);
                return message ?? new NameRecordsRequest(owner, least, most);
            }

            case Kind.NameRecordsResponse:
                return new NameRecordsResponse(CarryRecords(codec, (message as NameRecordsResponse)?.Records ?? []));
            case Kind.UpdateNotification:
            {
                var notification = message as UpdateNotification;
                var map = Carry(codec, notification?.Versions ?? []);
                var (propagates, initiator) = (notification?.Propagates ?? false, notification?.Initiator ?? default);
                codec.Carry(ref propagates);
                codec.Carry(ref initiator);
                return message ?? new UpdateNotification(map, propagates, initiator);
            }

            case Kind.VersionBumpRequest:
                return new VersionBumpRequest(CarryNames(codec, (message as VersionBumpRequest)?.Names ?? []));
            case Kind.AssociationStartRequest:
                return message ?? new AssociationStartRequest();
            case Kind.AssociationStartResponse:
                return message ?? new AssociationStartResponse();
            case Kind.AssociationReset:
                return message ?? new AssociationReset();
            default:
                return message ?? new OwnerVersionMapRequest();
        }
    }

    /// <summary>Carries records.</summary>
    public static ImmutableArray<NameRecord> CarryRecords(StateCodec codec, ImmutableArray<NameRecord> records) =>
        codec.Carry(records, NameRecord.LeastState, static (StateCodec codec, ref NameRecord record) => record = NameRecord.Carry(codec, record));

    /// <summary>Carries names.</summary>
    public static ImmutableArray<NetBiosName> CarryNames(StateCodec codec, ImmutableArray<NetBiosName> names) =>
        codec.Carry(names, NetBiosName.Size, static (StateCodec codec, ref NetBiosName name) => codec.Carry(ref name));
}
