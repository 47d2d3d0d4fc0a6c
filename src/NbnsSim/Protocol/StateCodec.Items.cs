using System.Collections.Immutable;
using NbnsSim.Events;
using NbnsSim.Rules;

namespace NbnsSim.Protocol;

/// <content>Events, and items in a row.</content>
public sealed partial class StateCodec
{
    /// <summary>Carries what waits in a queue.</summary>
    /// <param name="queue">The queue; made where something is read.</param>
    /// <param name="most">How many may wait.</param>
    /// <param name="carry">Carries one: gets it, or null where one is read, and returns it.</param>
    internal void Carry<T>(ref Queue<T>? queue, int most, Func<StateCodec, T?, T> carry)
        where T : class
    {
        var carried = IsReading || queue is null ? new Queue<T>() : queue;
        Carry(carried, most, carry);
        if (IsReading)
            queue = carried.Count == 0 ? null : carried;
    }

    /// <summary>Carries what waits in a queue that is there already, and empty where it is read.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="most">How many may wait.</param>
    /// <param name="carry">Carries one: gets it, or null where one is read, and returns it.</param>
    internal void Carry<T>(Queue<T> queue, int most, Func<StateCodec, T?, T> carry)
        where T : class
    {
        int count = CarryCount(queue.Count, most: most);
        for (; IsReading && count > 0; count--)
            queue.Enqueue(carry(this, null));
        if (IsReading)
            return;
        foreach (var item in queue)
            carry(this, item);
    }

    /// <summary>Carries a row of plain items.</summary>
    /// <param name="items">The items.</param>
    /// <param name="least">How many octets each takes at least.</param>
    /// <param name="carry">Carries one.</param>
    /// <returns>The items.</returns>
    internal ImmutableArray<T> Carry<T>(ImmutableArray<T> items, int least, CarryItem<T> carry)
    {
        int count = CarryCount(items.Length, least);
        var read = IsReading ? ImmutableArray.CreateBuilder<T>(count) : null;
        for (int i = 0; i < count; i++)
        {
            var item = IsReading ? default! : items[i];
            carry(this, ref item);
            read?.Add(item);
        }

        return read?.MoveToImmutable() ?? items;
    }

    /// <summary>Carries a list of plain items.</summary>
    /// <param name="items">The items; others take their place where they are read.</param>
    /// <param name="least">How many octets each takes at least.</param>
    /// <param name="carry">Carries one.</param>
    internal void CarryList<T>(List<T> items, int least, CarryItem<T> carry)
    {
        int count = CarryCount(items.Count, least);
        if (IsReading)
            items.Clear();
        for (int i = 0; i < count; i++)
        {
            var item = IsReading ? default! : items[i];
            carry(this, ref item);
            if (IsReading)
                items.Add(item);
        }
    }

    /// <summary>Carries an event; a fingerprint without why it was logged.</summary>
    /// <param name="logged">The event; <see langword="null"/> where one is read.</param>
    internal NetBtEvent Carry(NetBtEvent? logged)
    {
        var time = logged?.Time ?? default;
        int id = logged?.Id ?? 0;
        var (address, name, interfaceAddress) = (logged?.Address ?? default, logged?.Name ?? default, logged?.InterfaceAddress ?? default);
        bool saysComputer = logged?.SaysComputer ?? false;
        Carry(ref time);
        Carry(ref id);
        Carry(ref address);
        Carry(ref name);
        Carry(ref interfaceAddress);
        Carry(ref saysComputer);
        var reason = logged?.Reason;
        if (!IsFingerprint)
            Carry(ref reason);
        if (logged is not null)
            return logged;
        Check(NetBtEventDefinition.Find(id) is not null, "An event is not known");
        return NetBtEvent.Again(time, id, address, name, interfaceAddress) with { SaysComputer = saysComputer, Reason = reason };
    }

    /// <summary>Carries which rule it is.</summary>
    /// <param name="rule">The rule; <see langword="null"/> where one is read.</param>
    internal Rule Carry(Rule? rule)
    {
        string id = rule?.Id ?? "";
        Carry(ref id);
        return rule ?? RuleBook.Find(id) ?? throw Refuse($"Rule {VisibleText.Escape(id)} is not known");
    }

    private void Carry(ref NetBtEventReason? reason)
    {
        bool isSet = reason is not null;
        Carry(ref isSet);
        if (!isSet)
            return;
        var rule = Carry(reason?.Rule);
        var (sender, id, byBroadcast) = (reason?.Sender ?? default, reason?.TransactionId ?? 0, reason?.ByBroadcast ?? false);
        Carry(ref sender);
        Carry(ref id);
        Carry(ref byBroadcast);
        reason ??= new NetBtEventReason(rule, sender, id, byBroadcast);
    }
}

/// <summary>Carries one of several items.</summary>
internal delegate void CarryItem<T>(StateCodec codec, ref T item);
