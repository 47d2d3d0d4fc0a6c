using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <content>What there is to do with partners as octets.</content>
internal sealed partial class PartnerExchange
{
    /// <summary>Carries all of it, into an exchange that has nothing to do where it is read. Numbers of associations stand as they are.</summary>
    public void Carry(StateCodec codec)
    {
        codec.Carry(ref _hasStarted);
        codec.Carry(ref _nextPull);
        codec.Carry(ref _lastAssociation);
        codec.Carry(_messages, int.MaxValue, static (codec, message) => ReplicationState.Carry(codec, message));
        codec.Carry(_orders, MaxOrders, static (codec, order) => ReplicationOrder.Carry(codec, order));
        CarryAccepted(codec);
        CarryFailures(codec);
        ReplicationOperation.Carry(codec, ref _current);
        if (codec.IsFingerprint)
            return;
        bool hasPulled = LastPull is not null;
        codec.Carry(ref hasPulled);
        if (hasPulled)
            LastPull = ReplicationState.Carry(codec, LastPull);
    }

    private void CarryAccepted(StateCodec codec)
    {
        int count = codec.CarryCount(_accepted.Count, sizeof(uint) + sizeof(long), MaxAccepted);
        if (codec.IsFingerprint)
        {
            UInt128 sum = 0;
            int from = codec.Position;
            foreach (var (partner, association) in _accepted)
            {
                CarryAccepted(codec, partner, association);
                codec.Fold(from, ref sum);
            }

            codec.Carry(ref sum);
            return;
        }

        for (int left = codec.IsReading ? count : 0; left > 0; left--)
        {
            (var partner, long association) = CarryAccepted(codec, default, 0);
            _accepted[partner] = association;
        }

        if (codec.IsReading)
            return;
        foreach (var (partner, association) in _accepted.OrderBy(pair => pair.Key))
            CarryAccepted(codec, partner, association);
    }

    private static (Ipv4Address Partner, long Association) CarryAccepted(StateCodec codec, Ipv4Address partner, long association)
    {
        codec.Carry(ref partner);
        codec.Carry(ref association);
        return (partner, association);
    }

    /// <summary>Failures; a fingerprint has those that still count.</summary>
    private void CarryFailures(StateCodec codec)
    {
        int lapsed = 0;
        while (codec.IsFingerprint && lapsed < _failures.Count && codec.Since(_failures[lapsed].Time + FailuresCount) >= 0)
            lapsed++;
        int count = codec.CarryCount(_failures.Count - lapsed, sizeof(uint) + sizeof(long));
        for (int i = 0; i < count; i++)
        {
            var (partner, time) = codec.IsReading ? default : _failures[lapsed + i];
            codec.Carry(ref partner);
            codec.Carry(ref time);
            if (codec.IsReading)
                _failures.Add((partner, time));
        }
    }
}
