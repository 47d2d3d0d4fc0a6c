using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <content>An operation as octets.</content>
internal sealed partial class ReplicationOperation
{
    private void Carry(StateCodec codec)
    {
        var (at, step, due, decision, nextWanted, verified) = (At, Step, Due, Decision, NextWanted, Verified);
        codec.Carry(ref at);
        codec.Carry(ref step, ReplicationStep.Verification);
        codec.Carry(ref due);
        codec.CarryCause(ref decision);
        codec.Carry(ref nextWanted);
        codec.CarryVersion(ref verified);
        (At, Step, Due, Decision, NextWanted, Verified) = (at, step, due, decision, nextWanted, verified);
        if (!codec.IsFingerprint)
            Result = ReplicationState.Carry(codec, codec.IsReading ? null : Result);
        codec.CarryList(Links, sizeof(uint), static (StateCodec codec, ref PartnerLink link) => PartnerLink.Carry(codec, ref link));
        codec.CarryList(Wanted, sizeof(uint), static (StateCodec codec, ref WantedRecords wanted) => WantedRecords.Carry(codec, ref wanted));
        codec.CarryList(Received, sizeof(int), static (StateCodec codec, ref (long Decision, System.Collections.Immutable.ImmutableArray<NameRecord> Records) received) =>
        {
            long decision = received.Decision;
            codec.CarryCause(ref decision);
            received = (decision, ReplicationState.CarryRecords(codec, received.Records.IsDefault ? [] : received.Records));
        });
        codec.Check(
            At >= -1 && At < Links.Count && (uint)NextWanted <= (uint)Wanted.Count && Wanted.TrueForAll(wanted => (uint)wanted.Link < (uint)Links.Count),
            "What is under way with partners is about none of them");
    }
}
