using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests;

/// <summary>Calls every accessor of a parsed packet, whatever it holds: none may throw.</summary>
internal static class PacketVisitor
{
    public static ulong VisitAll(in NbnsPacket packet)
    {
        ulong sum = packet.TransactionId + (ulong)packet.Flags.Value + packet.QuestionCount + packet.AnswerCount + packet.AuthorityCount + packet.AdditionalCount;
        sum += (ulong)packet.Length + (ulong)packet.Trailing.Length + (ulong)packet.Anomalies + (ulong)packet.Opcode + (ulong)packet.Rcode;
        sum += Visit(packet.Name) + Visit(packet.Question) + Visit(packet.Record) + (ulong)NbnsClassification.Classify(packet);
        int questions = 0;
        foreach (var question in packet.Questions)
        {
            sum += Visit(question);
            questions++;
        }

        int records = 0;
        foreach (var record in packet.Records)
        {
            sum += Visit(record);
            records++;
        }

        if (questions != packet.Questions.Count || records != packet.Records.Count || packet.HasQuestion != questions > 0 || packet.HasRecord != records > 0)
            throw new InvalidOperationException("The counts do not agree with the walk.");
        if (questions > 0 && packet.Question.Type != First(packet.Questions).Type)
            throw new InvalidOperationException("The first question is not the first of the walk.");
        if (records > 0 && (packet.Record.Type != First(packet.Records).Type || packet.Record.Section != First(packet.Records).Section))
            throw new InvalidOperationException("The first record is not the first of the walk.");
        return sum + (ulong)NbnsDescription.Describe(packet).Length;
    }

    private static NbnsQuestion First(NbnsQuestions questions)
    {
        var walk = questions.GetEnumerator();
        walk.MoveNext();
        return walk.Current;
    }

    private static NbnsResourceRecord First(NbnsRecords records)
    {
        var walk = records.GetEnumerator();
        walk.MoveNext();
        return walk.Current;
    }

    private static ulong Visit(NbnsQuestion question) => Visit(question.Name) + (ulong)question.Type + question.Class;

    private static ulong Visit(NbnsResourceRecord record)
    {
        ulong sum = Visit(record.Name) + (ulong)record.Type + record.Class + record.TimeToLive.Seconds + (ulong)record.Section + (ulong)record.Data.Length;
        sum += record.FirstEntry.Address.Value + (ulong)record.StatisticsData.Length;
        for (int i = 0; i < record.EntryCount; i++)
            sum += record.GetEntry(i).Address.Value;
        for (int i = 0; i < record.NodeNameCount; i++)
            sum += record.GetNodeName(i).Flags.Value;
        NodeStatistics.TryRead(record.StatisticsData, out var statistics);
        sum += statistics.GoodSends;
        if (record.TryGetServerName(out var server))
            sum += Visit(server);
        if (record.TryGetServerAddress(out var address))
            sum += address.Value;
        return sum;
    }

    private static ulong Visit(NbnsNameView view)
    {
        var scope = view.GetScope();
        if (!view.ScopeIs(scope) || view.HasScope == scope.IsEmpty)
            throw new InvalidOperationException("A name's scope is not its scope.");
        bool named = view.TryGetName(out var name);
        if (named != view.TryGetOctets(out ulong high, out ulong low) || (named && (!view.Is(name) || name.High != high || name.Low != low)))
            throw new InvalidOperationException("A name is not itself.");
        if (named && scope.Encoded.Length <= NetBiosScope.MaxEncodedLength && NetBiosName.Parse(name.ToString()) != name)
            throw new InvalidOperationException("A name does not read back.");
        return high + low + (ulong)view.FirstLabel.Length + (ulong)view.ToString().Length + (ulong)view.Offset + (view.IsPointer ? 1UL : 0);
    }
}
